#include "replies.hpp"

#include <array>

namespace nightjar::client {
namespace {

using mqtt::property_id;

constexpr std::size_t correlation_size = sizeof(ticket);

}  // namespace

response_callback reply_desk::take(ticket name) {
    auto found = open_.extract(name);
    return found ? std::move(found.mapped().answer) : response_callback{};
}

ticket reply_desk::correlation_of(const mqtt::publish& what) noexcept {
    const auto data = what.props.text(property_id::correlation_data);
    if (!data || data->size() != correlation_size) return 0;
    ticket name = 0;
    for (const byte one : as_bytes(*data)) name = name << 8 | one;
    return name;
}

std::vector<ticket> reply_desk::names() const {
    std::vector<ticket> all;
    for (const auto& [name, one] : open_) all.push_back(name);
    return all;
}

std::vector<std::pair<ticket, parcel::owner>> reply_desk::take_unsent() {
    std::vector<std::pair<ticket, parcel::owner>> all;
    for (auto& [name, one] : open_)
        if (one.unsent) all.emplace_back(name, std::move(one.unsent));
    return all;
}

property_list make_request_properties(mqtt::properties given, std::string_view topic, ticket name) {
    std::array<byte, correlation_size> data{};
    for (std::size_t i = 0; i != data.size(); ++i)
        data[i] = static_cast<byte>(name >> (8 * (data.size() - 1 - i)));
    property_list all;
    for (const mqtt::property& one : given) all.add(one);
    all.add(property_id::response_topic, topic);
    all.add(property_id::correlation_data, bytes_view{data});
    return all;
}

}  // namespace nightjar::client
