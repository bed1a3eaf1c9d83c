#pragma once
// What is sent: a long run of bytes that begins again only after a number of bytes that no size of
// message divides, so that what comes back can be held against its place in the stream by one
// comparison, and nothing is copied to send it.

#include <nightjar/base/bytes.hpp>
#include <nightjar/base/prng.hpp>

#include <algorithm>
#include <vector>

namespace nightjar::app::lab {

class pattern {
public:
    static constexpr std::uint64_t period = 65'521;  // a prime

    /// `view_max`: the longest view that will be asked for.
    explicit pattern(std::size_t view_max) : bytes_(period + view_max) {
        prng draw(1);
        std::generate_n(bytes_.begin(), period, [&] { return static_cast<byte>(draw()); });
        for (std::size_t i = period; i < bytes_.size(); ++i) bytes_[i] = bytes_[i - period];
    }
    /// The bytes of a stream from this position. Valid as long as the pattern.
    bytes_view at(std::uint64_t position, std::size_t size) const noexcept {
        return bytes_view(bytes_).subspan(static_cast<std::size_t>(position % period), size);
    }

private:
    std::vector<byte> bytes_;
};

}  // namespace nightjar::app::lab
