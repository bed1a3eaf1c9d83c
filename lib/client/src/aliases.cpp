#include "aliases.hpp"

#include <array>

namespace nightjar::client {
namespace {

constexpr std::size_t property_size = 3;  // what an alias costs in each packet

}  // namespace

bool received_aliases::resolve(mqtt::publish& what) {
    if (what.props.empty()) return !what.topic.empty();
    const auto alias = what.props.number(mqtt::property_id::topic_alias);
    if (!alias) return !what.topic.empty();
    if (names_.size() < *alias) names_.resize(*alias);
    std::string& name = names_[*alias - 1];
    if (!what.topic.empty()) name = what.topic;
    what.topic = name;
    return !name.empty();
}

void sent_aliases::begin(std::uint16_t maximum) noexcept {
    maximum_ = maximum;
    is_new_ = false;
    numbers_.clear();
}

mqtt::publish sent_aliases::shorten(const mqtt::publish& what) {
    is_new_ = false;
    if (maximum_ == 0 || what.topic.size() <= property_size) return what;
    const auto known = numbers_.find(what.topic);
    is_new_ = known == numbers_.end();
    if (is_new_ && numbers_.size() == maximum_) return is_new_ = false, what;
    const std::size_t number = is_new_ ? numbers_.size() + 1 : known->second;

    const bytes_view given = what.props.raw();
    properties_.assign(given.begin(), given.end());
    std::array<byte, property_size> room{};
    mqtt::property_writer writer(room);
    writer.add(mqtt::property_id::topic_alias, static_cast<std::uint32_t>(number));
    properties_.insert(properties_.end(), room.begin(), room.end());

    mqtt::publish shorter = what;
    shorter.props = mqtt::properties{bytes_view{properties_}};
    if (!is_new_) shorter.topic = {};
    return shorter;
}

void sent_aliases::sent(std::string_view topic) {
    if (!is_new_) return;
    is_new_ = false;
    numbers_.emplace(topic, static_cast<std::uint16_t>(numbers_.size() + 1));
}

}  // namespace nightjar::client
