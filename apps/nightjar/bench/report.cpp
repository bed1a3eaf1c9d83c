#include "report.hpp"

#include <fmt/format.h>

namespace nightjar::app::benchmark {
void print(const options& how, const findings& found) {
    if (!how.json) {
        for (const figure& one : found.figures) {
            fmt::print("{:<28} {:>16.{}f}\n", one.name, one.value, one.decimals);
        }
        return;
    }
    fmt::print("{{\"scenario\": \"{}\"", name_of(how.what));
    for (const figure& one : found.figures)
        fmt::print(", \"{}\": {:.{}f}", one.name, one.value, one.decimals);
    fmt::print("}}\n");
}

}  // namespace nightjar::app::benchmark
