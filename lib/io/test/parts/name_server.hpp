#pragma once
// A DNS server for one name, on a port of its own. [RFC 1035 4]

#include <nightjar/base/reader.hpp>
#include <nightjar/base/writer.hpp>

#include <nightjar/io/datagram.hpp>

#include <string>
#include <vector>

namespace nightjar::io::test {

class name_server final : datagram::receiver {
public:
    /// Answers questions for "eyeballs.test" with these, others with NXDOMAIN, and none at all
    /// while `is_silent`.
    std::vector<endpoint> addresses;
    bool is_silent = false;
    int questions = 0;

    explicit name_server(loop& on)
        : socket_(std::move(*datagram::bind(on, {.at = endpoint::loopback_v4(0)}, *this))) {}

    std::string place() const { return socket_->local().text(); }

private:
    void on_datagram(const endpoint& from, bytes lent) noexcept override {
        ++questions;
        if (is_silent) return;
        reader in(lent);
        const std::uint16_t id = in.u16();
        in.take(10);
        const bytes_view at_name = lent.subspan(12);
        std::string name;
        for (std::uint8_t size = in.u8(); size != 0 && in.ok(); size = in.u8()) {
            name += std::string(as_text(in.take(size))) + '.';
        }
        const std::uint16_t type = in.u16();
        in.u16();
        if (in.ok())
            answer(from, id, at_name.first(name.size() + 1 + 4), name == "eyeballs.test.", type);
    }

    void answer(const endpoint& to, std::uint16_t id, bytes_view question, bool is_known,
                std::uint16_t type) {
        constexpr std::uint16_t a = 1, aaaa = 28;
        std::vector<endpoint> fitting;
        for (const endpoint& one : addresses) {
            const bool is_v4 = one.kind() == endpoint::family::v4;
            if (is_known && type == (is_v4 ? a : aaaa)) fitting.push_back(one);
        }
        std::array<byte, 512> room;
        writer out(room);
        out.u16(id);
        out.u16(is_known ? 0x8180 : 0x8183);  // a response, recursion available; NXDOMAIN
        out.u16(1);
        out.u16(static_cast<std::uint16_t>(fitting.size()));
        out.u32(0);
        out.put(question);
        for (const endpoint& one : fitting) {
            out.u16(0xc00c);  // the name in the question
            out.u16(type);
            out.u16(1);
            out.u32(60);
            out.u16(static_cast<std::uint16_t>(one.address().size()));
            out.put(one.address());
        }
        static_cast<void>(socket_->send(to, out.written()));
    }

    std::unique_ptr<datagram> socket_;
};

}  // namespace nightjar::io::test
