#pragma once
// One thing under watch. A directory has a mark. A file has two: its directory's, for what becomes
// of the name, and its own, for what becomes of the contents.

#include <nightjar/io/file_events.hpp>

namespace nightjar::io {

class file_events::one final : public file_events::item {
public:
    one(file_events& its, std::string path, told tell)
        : its_(its), path_(std::move(path)), tell_(std::move(tell)) {}
    ~one() override;

    error watch_directory();
    error watch_file();

    /// An event of one of its marks; may destroy it.
    void hear(int number, unsigned mask, unsigned cookie, std::string_view name);
    void hear_overflow();

private:
    void hear_directory(unsigned mask, unsigned cookie, std::string_view name);
    void hear_name(unsigned mask);
    void hear_contents(unsigned mask);
    /// Looks what the name means now; whether that is another file than before.
    bool look_again();
    /// May destroy it.
    void say(const file_event& what);

    file_events& its_;
    const std::string path_;
    told tell_;
    std::string name_;  // in its directory; empty: it is one
    int directory_ = -1;
    int contents_ = -1;  // none while there is no such file
};

}  // namespace nightjar::io
