"""Every way to change a session. One public function per use case."""
