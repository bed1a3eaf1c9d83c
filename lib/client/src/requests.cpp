#include "requests.hpp"

#include <nightjar/mqtt/topic.hpp>

#include <algorithm>

namespace nightjar::client {
namespace {

using mqtt::filter_list;
using mqtt::subscription_list;

constexpr std::size_t around_filter = 3;  // two bytes of length before it, one of options behind

std::vector<byte> copy_of(bytes_view raw) { return {raw.begin(), raw.end()}; }

template <class List, class Item>
std::vector<byte> wire_of(const Item& what, std::size_t filter_size) {
    std::vector<byte> raw(filter_size + around_filter);
    writer out{raw};
    List::put(out, what);
    raw.resize(out.written().size());
    return raw;
}

template <class List, class Item, class FilterOf>
result<std::unique_ptr<request>> make(std::span<const Item> what, mqtt::properties props,
                                      const mqtt::limits& max, FilterOf filter_of) {
    if (what.empty()) return fail(error::invalid);
    auto made = std::make_unique<request>();
    made->is_subscribe = std::is_same_v<Item, mqtt::subscription>;
    made->count = what.size();
    made->properties = copy_of(props.raw());
    for (const Item& one : what) {
        if (!mqtt::is_topic_filter(filter_of(one), max)) return fail(error::invalid);
        const auto raw = wire_of<List>(one, filter_of(one).size());
        made->filters.insert(made->filters.end(), raw.begin(), raw.end());
    }
    return made;
}

}  // namespace

mqtt::subscribe request::as_subscribe() const noexcept {
    return {.id = 0,
            .filters = subscription_list{filters},
            .props = mqtt::properties{bytes_view{properties}}};
}

mqtt::unsubscribe request::as_unsubscribe() const noexcept {
    return {.id = 0,
            .filters = filter_list{filters},
            .props = mqtt::properties{bytes_view{properties}}};
}

result<std::unique_ptr<request>> make_request(std::span<const mqtt::subscription> what,
                                              mqtt::properties props, const mqtt::limits& max) {
    return make<subscription_list>(what, props, max, [](const auto& one) { return one.filter; });
}

result<std::unique_ptr<request>> make_request(std::span<const std::string_view> filters,
                                              mqtt::properties props, const mqtt::limits& max) {
    return make<filter_list>(filters, props, max, [](const auto& one) { return one; });
}

request* request_desk::unsent() noexcept {
    for (const auto& one : open_)
        if (!one->is_sent) return one.get();
    return nullptr;
}

void request_desk::unsend() noexcept {
    // Those that the client made are made anew where they are needed.
    std::erase_if(open_, [](const auto& one) { return one->name == 0; });
    for (const auto& one : open_) one->is_sent = false;
}

void request_desk::ask_again() {
    std::vector<std::unique_ptr<request>> again;
    for (const auto& [filter, one] : subscribed_) {
        mqtt::subscription how = one.how;
        how.filter = filter;
        auto made = std::make_unique<request>();
        made->filters = wire_of<subscription_list>(how, filter.size());
        made->properties = one.properties;
        again.push_back(std::move(made));
    }
    open_.insert(open_.begin(), std::make_move_iterator(again.begin()),
                 std::make_move_iterator(again.end()));
}

std::unique_ptr<request> request_desk::on_answer(const request* which, const mqtt::suback& answer) {
    auto asked = remove(which);
    if (!asked || asked->is_ours) return asked;
    auto filters = asked->as_subscribe().filters;
    for (const byte code : answer.codes) {
        if (filters.empty()) break;
        const mqtt::subscription one = filters.take();
        if (mqtt::is_failure(mqtt::reason{code})) {
            if (asked->name == 0) subscribed_.erase(std::string(one.filter));
            continue;
        }
        subscribed_[std::string(one.filter)] = {
            {{}, one.maximum, one.no_local, one.retain_as_published, one.retained},
            asked->properties};
    }
    return asked;
}

std::unique_ptr<request> request_desk::on_answer(const request* which, const mqtt::unsuback&) {
    auto asked = remove(which);
    if (!asked) return asked;
    for (auto filters = asked->as_unsubscribe().filters; !filters.empty();)
        subscribed_.erase(std::string(filters.take()));
    return asked;
}

bool request_desk::cancel(ticket name) noexcept {
    const auto at = std::find_if(open_.begin(), open_.end(),
                                 [&](const auto& one) { return one->name == name; });
    if (at == open_.end()) return false;
    if ((*at)->is_sent)
        (*at)->name = 0;
    else
        open_.erase(at);
    return true;
}

std::unique_ptr<request> request_desk::remove(const request* which) {
    const auto at = std::find_if(open_.begin(), open_.end(),
                                 [&](const auto& one) { return one.get() == which; });
    if (at == open_.end()) return nullptr;
    auto found = std::move(*at);
    open_.erase(at);
    return found;
}

}  // namespace nightjar::client
