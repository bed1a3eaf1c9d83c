#pragma once
// Topic aliases of one connection as a client sees them, both ways. [MQTT-5 3.3.2.3.4]

#include <nightjar/base/prng.hpp>
#include <nightjar/mqtt/packet.hpp>

#include <string>
#include <vector>

namespace nightjar::sim {

/// What the broker calls its topics.
class heard_aliases {
public:
    /// A new connection, whose client takes so many.
    void begin(std::uint16_t most) { names_.assign(most, {}); }
    /// Puts the topic that it stands for into `what`. False: it stands for none, or there are not
    /// so many. The topic is valid until the next call.
    bool resolve(mqtt::publish& what) {
        const auto alias = what.props.number(mqtt::property_id::topic_alias);
        if (!alias) return !what.topic.empty();
        if (*alias == 0 || *alias > names_.size()) return false;
        std::string& name = names_[*alias - 1];
        if (!what.topic.empty()) name = what.topic;
        what.topic = name;
        return !name.empty();
    }

private:
    std::vector<std::string> names_;  // by number - 1
};

/// What a client calls its own.
class said_aliases {
public:
    struct choice {
        std::uint32_t number = 0;       ///< 0: none.
        bool is_known = false;          ///< The broker knows the topic by it.
        bool stands_for_other = false;  ///< Until now it stood for another topic.
    };
    /// A new connection, whose broker takes so many.
    void begin(std::uint16_t most) { names_.assign(most, {}); }
    choice choose(std::string_view topic, prng& chance) {
        if (names_.empty()) return {};
        const auto which = chance.uniform(names_.size());
        std::string& name = names_[which];
        const choice made{.number = static_cast<std::uint32_t>(which + 1),
                          .is_known = name == topic,
                          .stands_for_other = !name.empty() && name != topic};
        name = topic;
        return made;
    }

private:
    std::vector<std::string> names_;  // by number - 1
};

}  // namespace nightjar::sim
