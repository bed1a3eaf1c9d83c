#pragma once
// Topic aliases of one connection, both ways. [MQTT-5 3.3.2.3.4]

#include <nightjar/mqtt/packet.hpp>

#include <map>
#include <string>
#include <vector>

namespace nightjar::client {

/// The server's: the owner of `client_session` has held the number against its maximum already.
class received_aliases {
public:
    void clear() noexcept { names_.clear(); }
    /// Puts the topic back that the alias stands for, and learns new ones. false: it stands for
    /// nothing. `what.topic` is valid until the next call.
    bool resolve(mqtt::publish& what);

private:
    std::vector<std::string> names_;  // by number - 1
};

/// Ours: the first topics of a connection get one each and keep it.
class sent_aliases {
public:
    /// A new connection with so many; none is known there yet.
    void begin(std::uint16_t maximum) noexcept;
    /// `what` with an alias, where that saves bytes; its topic is gone where the server knows it.
    /// Valid until the next call.
    mqtt::publish shorten(const mqtt::publish& what);
    /// What shorten() made was written: the server knows the alias now.
    void sent(std::string_view topic);

private:
    std::uint16_t maximum_ = 0;
    bool is_new_ = false;  // shorten() took a number that sent() has not confirmed
    std::map<std::string, std::uint16_t, std::less<>> numbers_;
    std::vector<byte> properties_;
};

}  // namespace nightjar::client
