from tests.consistency.architecture import PAGE, page_with_drawing


def test_the_drawing_is_what_the_imports_are() -> None:
    page = PAGE.read_text()
    assert page == page_with_drawing(page), "Run `make diagram`."
