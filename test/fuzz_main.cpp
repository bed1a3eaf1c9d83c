// Runs a fuzz target over files, where libFuzzer is not linked: a corpus is then an ordinary test.
//     fuzz_decode corpus/decode more/files.bin

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

/// Every regular file under `where` (or `where` itself), in an order that does not depend on the
/// file system.
std::vector<fs::path> inputs_of(const fs::path& where) {
    std::error_code ignored;
    if (fs::is_regular_file(where, ignored)) return {where};
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(where, ignored))
        if (entry.is_regular_file()) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

std::optional<std::string> contents_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(in), {});
}

bool run(const fs::path& file) {
    const auto contents = contents_of(file);
    if (!contents) {
        std::fprintf(stderr, "%s: cannot be read\n", file.c_str());
        return false;
    }
    // Said before, so that a crash is preceded by the name of its input.
    std::printf("%s: %zu bytes\n", file.c_str(), contents->size());
    std::fflush(stdout);
    // A buffer of exactly that size: the address sanitizer then sees the first byte read too far.
    const auto exact = std::make_unique<std::uint8_t[]>(contents->size());
    std::copy(contents->begin(), contents->end(), exact.get());
    LLVMFuzzerTestOneInput(exact.get(), contents->size());
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t count = 0;
    bool all_read = true;
    for (int i = 1; i < argc; ++i) {
        for (const fs::path& file : inputs_of(argv[i])) {
            all_read = run(file) && all_read;
            ++count;
        }
    }
    std::printf("%zu inputs\n", count);
    return count > 0 && all_read ? 0 : 1;
}
