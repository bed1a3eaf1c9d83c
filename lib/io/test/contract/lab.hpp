#pragma once
// Where the contract is put to the test: one loop on some engine, a place to listen, and time that
// passes. Each engine brings a lab; the suite is the same for all.

#include <gtest/gtest.h>

#include <nightjar/io/loop.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <ostream>
#include <string>

namespace nightjar {

inline void PrintTo(const error& why, std::ostream* out) {
    *out << describe(why.what) << " (errno " << why.os << ')';
}

}  // namespace nightjar

namespace nightjar::io::test {

class lab {
public:
    virtual ~lab() = default;
    virtual io::loop& loop() = 0;
    /// A place to listen, with a port of the engine's choice.
    virtual endpoint place() = 0;
    /// A place where nobody listens.
    virtual endpoint nowhere() = 0;
    /// Turns until `done`, `limit` of the lab's time at most; whether it is done.
    virtual bool turn_until(const std::function<bool()>& done, duration limit) = 0;

    bool until(const std::function<bool()>& done) { return turn_until(done, 20s); }
    /// Lets time pass.
    void rest(duration time) {
        turn_until([] { return false; }, time);
    }
};

struct lab_kind {
    const char* name;
    std::unique_ptr<lab> (*make)();  ///< Null where this machine lacks the engine.
};

inline std::string name_of(const testing::TestParamInfo<lab_kind>& info) { return info.param.name; }
inline void PrintTo(const lab_kind& kind, std::ostream* out) { *out << kind.name; }

}  // namespace nightjar::io::test
