"""The command ``jingluo``. Thin: every command is a question or an ingest."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from api.commands import corrections, data, keeping, questions, server, sheets, view
from api.commands.help import Commands, program
from api.errors import report

HELP = """经络：一个区的关系知识库。谁覆盖一家企业，经谁能联系上，联盟如何交织，哪里有薄弱项，每个回答都附依据。

第一次用：jingluo demo。用自己的数据：jingluo load 登记表.csv，然后提问。

\b
退出码：0 已回答；2 命令用法有误；3 输入有误；4 没有找到；5 运行失败。"""

app = Commands(help=HELP, add_completion=False, pretty_exceptions_enable=False, context_settings={"help_option_names": ["--help", "-h"]})
app.callback()(program)
for command in (data.demo, server.serve, data.load, data.imports, corrections.undo, data.copy, keeping.backup, keeping.restore,
                keeping.verify, questions.search, questions.directory, questions.show, questions.coverage, questions.path, questions.gaps,
                questions.statistics, questions.reconcile, questions.check, questions.network, questions.committee, questions.stats,
                data.synthesize):
    app.command(command.__name__)(command)
app.command()(sheets.template)
app.command()(sheets.worklist)
app.command()(sheets.export)
app.add_typer(view.app, name="view")
app.add_typer(corrections.review, name="review")

INTERRUPTED = 130  # by Ctrl-C, as shells count it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code (see ``api.errors``)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that lacks a sign shows ? instead of failing
    try:
        code = int(app(args=words, prog_name="jingluo", standalone_mode=False) or 0)
        if code == INTERRUPTED:
            sys.stderr.write("已中断。已写入的数据完好；再次运行同一命令即可完成\n")
        return code
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the answer has seen enough
        return 0
    except Exception as error:  # the outermost place: every error is told in one way
        return report(error, as_json="--json" in words)


if __name__ == "__main__":
    sys.exit(main())
