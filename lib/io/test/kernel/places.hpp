#pragma once
// A fixture that listens somewhere else too.

#include "contract/suite.hpp"

#include <unistd.h>

namespace nightjar::io::test {

class kernel_places : public kernel_contract {
protected:
    void exchange_at(const listen_options& how) {
        host own;
        auto made = engine().listen(how, own);
        ASSERT_TRUE(made) << how.at.text() << ": " << describe(made.error().what);
        caller& guest = dial((*made)->local());
        ASSERT_TRUE(until([&] { return own.tapes.size() == 1 && guest.connections == 1; }));
        EXPECT_EQ(own.tapes.front().peer->local(), (*made)->local());
        guest.line.say("hello");
        ASSERT_TRUE(until([&] { return own.tapes.front().got == "hello"; }));
        guest.line.close();
        ASSERT_TRUE(until([&] { return !own.tapes.front().closed.empty(); }));
    }
    static std::string fresh_path(const char* name) {
        return testing::TempDir() + "nightjar-" + std::to_string(::getpid()) + '-' + name;
    }
    static endpoint local(const std::string& path) { return endpoint::local(path).value(); }
};

}  // namespace nightjar::io::test
