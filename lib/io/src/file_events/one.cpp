#include "file_events/one.hpp"

#include <sys/inotify.h>

#include <algorithm>
#include <utility>

namespace nightjar::io {
namespace {

// Always the same for the same thing: a second inotify_add_watch(2) replaces the first one's mask.
constexpr unsigned directory_mask = IN_CREATE | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE |
                                    IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF |
                                    IN_MOVE_SELF | IN_ONLYDIR;
constexpr unsigned contents_mask =
    IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;

}  // namespace

file_events::one::~one() {
    its_.drop_mark(directory_);
    its_.drop_mark(contents_);
    const auto mine = std::ranges::find(its_.items_, this);
    if (mine == its_.items_.end()) return;
    if (its_.is_telling_)
        *mine = nullptr;
    else
        its_.items_.erase(mine);
}

error file_events::one::watch_directory() {
    const auto mark = its_.add_mark(path_, directory_mask);
    if (!mark) return mark.error();
    directory_ = *mark;
    its_.items_.push_back(this);
    return error::none;
}

error file_events::one::watch_file() {
    const std::size_t slash = path_.rfind('/');
    name_ = slash == std::string::npos ? path_ : path_.substr(slash + 1);
    if (name_.empty()) return error::invalid;
    std::string directory = ".";
    if (slash != std::string::npos) directory = slash == 0 ? "/" : path_.substr(0, slash);
    const auto mark = its_.add_mark(directory, directory_mask);
    if (!mark) return mark.error();
    directory_ = *mark;
    look_again();
    its_.items_.push_back(this);
    return error::none;
}

void file_events::one::hear(int number, unsigned mask, unsigned cookie, std::string_view name) {
    if (number == contents_) return hear_contents(mask);
    if (number != directory_) return;
    if (name_.empty()) return hear_directory(mask, cookie, name);
    if (name == name_) return hear_name(mask);
    if ((mask & IN_IGNORED) == 0) return;
    directory_ = -1;  // the directory itself went: its file went before
}

void file_events::one::hear_overflow() { say({.what = file_event::overflow}); }

void file_events::one::hear_directory(unsigned mask, unsigned cookie, std::string_view name) {
    if ((mask & IN_IGNORED) != 0) {
        directory_ = -1;
        return;
    }
    using kind = file_event::kind;
    constexpr std::pair<unsigned, kind> meanings[] = {
        {IN_CREATE, kind::created},       {IN_MODIFY, kind::changed},
        {IN_ATTRIB, kind::changed},       {IN_CLOSE_WRITE, kind::written},
        {IN_DELETE, kind::deleted},       {IN_DELETE_SELF, kind::deleted},
        {IN_MOVED_FROM, kind::moved_out}, {IN_MOVE_SELF, kind::moved_out},
        {IN_MOVED_TO, kind::moved_in},
    };
    for (const auto& [bit, what] : meanings)  // an event has one of them
        if ((mask & bit) != 0) return say({.what = what, .name = name, .cookie = cookie});
}

/// Of a file: something happened to its name.
void file_events::one::hear_name(unsigned mask) {
    const bool was_there = contents_ >= 0;
    if ((mask & (IN_CREATE | IN_MOVED_TO)) != 0) {
        const bool is_another = look_again();
        if (!was_there) return say({.what = file_event::created});
        if (is_another) return say({.what = file_event::replaced});
        return;
    }
    if ((mask & (IN_DELETE | IN_MOVED_FROM)) == 0) return;
    // A replacement may be there by now, and its own event is still to come.
    if (look_again() && contents_ >= 0) return say({.what = file_event::replaced});
    if (contents_ < 0 && was_there) say({.what = file_event::deleted});
}

/// Of a file: something happened to what its name means, or meant.
void file_events::one::hear_contents(unsigned mask) {
    if ((mask & (IN_MODIFY | IN_CLOSE_WRITE)) != 0) {
        const bool is_whole = (mask & IN_CLOSE_WRITE) != 0;
        return say({.what = is_whole ? file_event::written : file_event::changed});
    }
    // Also a lost link is an IN_ATTRIB: of a file that was replaced, and that somebody has open.
    if (look_again())
        return say({.what = contents_ >= 0 ? file_event::replaced : file_event::deleted});
    if (contents_ >= 0 && (mask & IN_ATTRIB) != 0) say({.what = file_event::changed});
}

bool file_events::one::look_again() {
    const int before = contents_;
    const auto mark = its_.add_mark(path_, contents_mask);
    contents_ = mark ? *mark : -1;
    its_.drop_mark(before);  // after the other: the same file keeps its mark
    return contents_ != before;
}

void file_events::one::say(const file_event& what) {
    const told tell = tell_;  // it may destroy this
    tell(what);
}

}  // namespace nightjar::io
