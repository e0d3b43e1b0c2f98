"""Every way to bring in a spreadsheet. One public function per use case."""
