// Any bytes are a configuration with something said about it; and what is understood of it can be
// written down again.
//
// The input is cut at each 0x01: the first piece is the file, the others are what include_dir
// finds, one file for each call.

#include <cstdint>
#include <cstdlib>
#include <nightjar/base/expects.hpp>
#include <nightjar/broker/config/load.hpp>
#include <nightjar/broker/config/report.hpp>
#include <string_view>

using namespace nightjar;
using namespace nightjar::broker::config;

namespace {

/// The front of `rest` up to the next cut, which is dropped.
std::string_view take_piece(std::string_view& rest) {
    const auto end = rest.find('\x01');
    const auto piece = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    return piece;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const auto text = take_piece(rest);
    const auto read_directory = [&](std::string_view directory) -> result<std::vector<source>> {
        if (rest.empty()) return fail(error::not_found);
        return std::vector<source>{{std::string(directory), std::string(take_piece(rest))}};
    };
    const auto made = parse(text, "fuzz.conf", read_directory);
    expects(!check_report(made, "fuzz.conf").empty(), "there is always something to say");
    expects(!made.value.listeners.empty(), "there is always a listener");
    const auto again = parse(render(made.value), "rendered.conf");
    expects(again.ok(), "a rendered configuration has no errors");
    expects(again.value == made.value, "a rendered configuration says the same");
    return 0;
}
