"""Figures as the tables of docs/benchmarks.md."""
import os
import pathlib
import platform
import re
import statistics
import subprocess

from servers import MOSQUITTO

NAMES = {
    "broker_cpu_us_per_message": "processor time per message, µs",
    "broker_cpu_us_per_connection": "processor time per connection, µs",
    "broker_cpu_us_per_operation": "processor time per operation, µs",
    "client_cpu_us_per_message": "of the load, µs",
    "client_cpu_us_per_connection": "of the load, µs",
    "client_cpu_us_per_operation": "of the load, µs",
    "messages_per_s": "messages/s",
    "connections_per_s": "connections/s",
    "operations_per_s": "operations/s",
    "latency_p50_us": "half within, µs",
    "latency_p99_us": "99 % within, µs",
    "latency_p999_us": "99.9 % within, µs",
    "lateness_p99_us": "load late by (99 %), µs",
    "bytes_per_connection": "bytes per connection",
    "bytes_per_subscription": "bytes per subscription",
    "connect_s": "seconds to connect all",
    "scaled_messages_per_s": "messages/s with a busy processor per worker",
    "messages_per_broker_s": "messages per second of its processor time",
    "broker_cpu_share": "processors in use by it",
    "client_cpu_share": "by the load",
}


def number(value):
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def spread(values):
    """Median, and what it moved between."""
    if not values:
        return "–"
    return f"{number(statistics.median(values))} ({number(min(values))} … {number(max(values))})"


def of(rounds, name):
    return [figures[name] for figures in rounds if name in figures]


def ratios(question, answers, column):
    """This column's figure divided by that of the one it is held against, round by round."""
    base = column.get("against")
    if base is None or base == column["label"] or base not in answers:
        return []
    mine, other = (of(answers[label], question["figure"]) for label in (column["label"], base))
    return [a / b for a, b in zip(mine, other) if b > 0]


def is_met(question, column, rounds, quotients):
    """An aim is a ratio (`ratio_max`, `ratio_min`) or a figure of our own (`figure_max`); None: there is nothing to meet."""
    if column["server"] in ("floor", "mosquitto"):
        return None
    if "figure_max" in question:
        values = of(rounds, question["figure"])
        return statistics.median(values) <= question["figure_max"] if values else None
    if not quotients or not {"ratio_max", "ratio_min"} & question.keys():
        return None
    middle = statistics.median(quotients)
    return question.get("ratio_min", middle) <= middle <= question.get("ratio_max", middle)


def row(question, column, rounds, quotients):
    lost = of(rounds, "lost")
    verdict = {True: "met", False: "**missed**", None: "–"}[is_met(question, column, rounds, quotients)]
    figures = [spread(of(rounds, name)) for name in [question["figure"], *question["beside"]]]
    cells = [column["label"], *figures, spread(quotients), verdict, str(int(sum(lost))) if lost else "–"]
    return f"| {' | '.join(cells)} |"


def render(question, answers):
    names = [NAMES[name] for name in [question["figure"], *question["beside"]]]
    lines = [f"### {question['title']}", "", question["says"], ""]
    if "aim" in question:
        lines += [f"Aim: {question['aim']}.", ""]
    lines += [f"| | {' | '.join(names)} | ratio | aim | messages lost |", "| --- " * (len(names) + 4) + "|"]
    for column in question["columns"]:
        rounds = answers[column["label"]]
        lines.append(row(question, column, rounds, ratios(question, answers, column)))
    return "\n".join(lines) + "\n\n"


def first_line(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines()[0]


def machine(servers, rounds, load_before):
    """What the figures were measured on, and `rounds`, a sentence on how."""
    processor = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    mosquitto = first_line([MOSQUITTO, "-h"]) if MOSQUITTO else "no mosquitto"
    rows = [f"Processor: {processor.group(1) if processor else platform.machine()}, {os.cpu_count()} of them; "
            f"{'virtual machine' if 'hypervisor' in pathlib.Path('/proc/cpuinfo').read_text() else 'no hypervisor seen'}",
            f"Kernel: {platform.system()} {platform.release()}",
            f"Servers: {first_line([str(servers.nightjar), '--version'])}; {mosquitto}",
            f"{rounds}; load average before: {load_before:.1f} (what else ran on the machine)"]
    return "".join(f"- {row}\n" for row in rows) + "\n"


def write_between_marks(page, name, text):
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
    before, rest = page.read_text().split(begin, 1)
    _, after = rest.split(end, 1)
    page.write_text(before + begin + text + end + after)
