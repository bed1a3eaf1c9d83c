#include "report.hpp"

#include <fmt/format.h>

namespace nightjar::app::benchmark {
namespace {

std::string_view name_of(scenario what) {
    switch (what) {
        case scenario::pairs: return "pairs";
        case scenario::fanout: return "fanout";
        case scenario::idle: return "idle";
        case scenario::background: return "background";
    }
    return "";
}

}  // namespace

void print(const options& how, const std::vector<figure>& figures) {
    if (!how.json) {
        for (const figure& one : figures) {
            fmt::print("{:<28} {:>16.{}f}\n", one.name, one.value, one.decimals);
        }
        return;
    }
    fmt::print("{{\"scenario\": \"{}\"", name_of(how.what));
    for (const figure& one : figures)
        fmt::print(", \"{}\": {:.{}f}", one.name, one.value, one.decimals);
    fmt::print("}}\n");
}

}  // namespace nightjar::app::benchmark
