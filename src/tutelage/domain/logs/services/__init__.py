"""Every way to write what goes with a log. One public function per use case."""
