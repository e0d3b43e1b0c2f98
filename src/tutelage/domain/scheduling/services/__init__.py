"""Every way to put people's time to use. One public function per use case."""
