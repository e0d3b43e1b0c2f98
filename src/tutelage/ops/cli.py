"""The command line. It stands above everything and starts what is below."""

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def main() -> None:
    """Tutelage: plan, meet, prove attendance, record, rate and learn from sessions."""
