#pragma once
// A directory of a test's own, which goes with it.

#include <gtest/gtest.h>

#include <unistd.h>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace nightjar::io::test {

class folder {
public:
    folder() {
        std::string name = testing::TempDir() + "nightjar-XXXXXX";
        path_ = ::mkdtemp(name.data());
    }
    ~folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;

    std::string path() const { return path_; }
    std::string operator/(const std::string& name) const { return path_ + '/' + name; }
    bool has(const std::string& name) const { return std::filesystem::exists(*this / name); }
    void put(const std::string& name, const std::string& text) const {
        std::ofstream(*this / name, std::ios::binary) << text;
    }
    std::string get(const std::string& name) const {
        std::ostringstream all;
        all << std::ifstream(*this / name, std::ios::binary).rdbuf();
        return all.str();
    }

private:
    std::string path_;
};

/// How many descriptors this process has open.
inline std::size_t open_descriptors() {
    std::size_t count = 0;
    for (const auto& one : std::filesystem::directory_iterator("/proc/self/fd")) {
        static_cast<void>(one);
        ++count;
    }
    return count;
}

}  // namespace nightjar::io::test
