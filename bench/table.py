"""Figures as the tables of docs/benchmarks.md."""
import os
import pathlib
import platform
import re
import statistics
import subprocess

from servers import MOSQUITTO

BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"
NAMES = {
    "broker_cpu_us_per_message": "processor time per message, µs",
    "messages_per_s": "messages/s",
    "bytes_per_connection": "bytes per connection",
    "bytes_per_subscription": "bytes per subscription",
    "connect_s": "seconds to connect all",
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


def verdict(question, column, rounds, quotients):
    """An aim is either a ratio (`ratio_max`) or a figure of our own (`figure_max`)."""
    if column["server"] in ("floor", "mosquitto"):
        return "–"
    most = question.get("figure_max")
    values = quotients if most is None else of(rounds, question["figure"])
    if not values:
        return "–"
    return "met" if statistics.median(values) <= (question["ratio_max"] if most is None else most) else "**missed**"


def render(question, answers):
    lines = [f"### {question['title']}", "", question["says"], "", f"Aim: {question['aim']}.", "",
             f"| | {NAMES[question['figure']]} | {NAMES[question['beside']]} | ratio | aim | messages lost |",
             "| --- | --- | --- | --- | --- | --- |"]
    for column in question["columns"]:
        rounds = answers[column["label"]]
        quotients = ratios(question, answers, column)
        lost = of(rounds, "lost")
        lines.append(f"| {column['label']} | {spread(of(rounds, question['figure']))} | {spread(of(rounds, question['beside']))} "
                     f"| {spread(quotients)} | {verdict(question, column, rounds, quotients)} | {int(sum(lost)) if lost else '–'} |")
    return "\n".join(lines) + "\n\n"


def first_line(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines()[0]


def machine(servers, chosen, load_before):
    processor = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    mosquitto = first_line([MOSQUITTO, "-h"]) if MOSQUITTO else "no mosquitto"
    rows = [f"Processor: {processor.group(1) if processor else platform.machine()}, {os.cpu_count()} of them; "
            f"{'virtual machine' if 'hypervisor' in pathlib.Path('/proc/cpuinfo').read_text() else 'no hypervisor seen'}",
            f"Kernel: {platform.system()} {platform.release()}",
            f"Servers: {first_line([str(servers.nightjar), '--version'])}; {mosquitto}",
            f"Rounds: {chosen.rounds}, {chosen.seconds:g} s measured in each after 1 s of warm-up; "
            f"load average before: {load_before:.1f} (what else ran on the machine)"]
    return "".join(f"- {row}\n" for row in rows) + "\n"


def write_between_marks(page, text):
    before, rest = page.read_text().split(BEGIN, 1)
    _, after = rest.split(END, 1)
    page.write_text(before + BEGIN + text + END + after)
