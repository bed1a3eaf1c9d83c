#pragma once
// A message that the client keeps: until it is sent, or until the server has it.

#include <nightjar/base/intrusive_list.hpp>
#include <nightjar/client/client.hpp>

#include <cstdlib>
#include <memory>
#include <new>

#include "time_limit.hpp"

namespace nightjar::client {

/// One allocation: this header, then topic, properties and payload.
class parcel : public list_hook<> {
public:
    struct destroy {
        void operator()(parcel* p) const noexcept {
            p->~parcel();
            std::free(p);
        }
    };
    using owner = std::unique_ptr<parcel, destroy>;

    /// Null when there is no memory. `now`: when its expiry begins to count.
    static owner make(const mqtt::publish& what, ticket name, instant now) noexcept {
        const std::size_t size = what.topic.size() + what.props.raw().size() + what.payload.size();
        void* room = std::malloc(sizeof(parcel) + size);
        return owner(room ? ::new (room) parcel(what, name, now) : nullptr);
    }

    mqtt::publish view() const noexcept {
        mqtt::publish p;
        const byte* at = data();
        p.topic = as_text({at, topic_});
        p.props = mqtt::properties{bytes_view{at + topic_, properties_}};
        p.payload = {at + topic_ + properties_, payload_};
        p.level = level_;
        p.retain = retain_;
        return p;
    }
    ticket name() const noexcept { return name_; }
    /// Nobody asks for it any more.
    void forget_name() noexcept { name_ = 0; }
    time_limit& limit() noexcept { return limit_; }

    /// Sets what is left of the Message Expiry Interval. false: nothing. [MQTT-5 3.3.2.3.3]
    bool age(instant now) noexcept;
    mqtt::qos level() const noexcept { return level_; }
    std::size_t size() const noexcept { return topic_ + properties_ + payload_; }

private:
    parcel(const mqtt::publish& p, ticket name, instant now) noexcept
        : topic_(p.topic.size()),
          properties_(p.props.raw().size()),
          payload_(p.payload.size()),
          name_(name),
          born_(now),
          level_(p.level),
          retain_(p.retain) {
        bytes room{const_cast<byte*>(data()), size()};
        copy(p.payload, copy(p.props.raw(), copy(as_bytes(p.topic), room)));
        if (!p.props.empty())
            expiry_s_ = p.props.number(mqtt::property_id::message_expiry_interval);
    }
    const byte* data() const noexcept { return reinterpret_cast<const byte*>(this + 1); }

    std::size_t topic_, properties_, payload_;
    ticket name_;
    instant born_;
    time_limit limit_;
    std::optional<std::uint32_t> expiry_s_;
    mqtt::qos level_;
    bool retain_;
};

inline bool parcel::age(instant now) noexcept {
    if (!expiry_s_) return true;
    const auto passed = std::chrono::floor<std::chrono::seconds>(now - born_).count();
    if (passed >= *expiry_s_) return false;
    for (const mqtt::property& one : view().props) {
        if (one.id != mqtt::property_id::message_expiry_interval) continue;
        // One byte of identifier, then the number; the bytes are ours.
        byte* at = const_cast<byte*>(one.raw.data()) + 1;
        const auto left = *expiry_s_ - static_cast<std::uint32_t>(passed);
        for (int i = 0; i != 4; ++i) at[i] = static_cast<byte>(left >> (24 - 8 * i));
    }
    return true;
}

/// Parcels in order, owned.
class parcel_list {
public:
    ~parcel_list() {
        while (parcel::owner gone = pop()) {
        }
    }
    bool empty() const noexcept { return list_.empty(); }
    std::size_t size() const noexcept { return size_; }
    std::size_t bytes() const noexcept { return bytes_; }
    parcel* front() noexcept { return list_.front(); }
    void push(parcel::owner what) noexcept {
        count(*what);
        list_.push_back(*what.release());
    }
    void push_front(parcel::owner what) noexcept {
        count(*what);
        list_.push_front(*what.release());
    }
    /// Null when empty.
    parcel::owner pop() noexcept { return empty() ? nullptr : take(*list_.front()); }
    /// Null: no such parcel. O(parcels before it).
    parcel* find(ticket name) noexcept {
        for (parcel& one : list_)
            if (one.name() == name) return &one;
        return nullptr;
    }
    /// Promise: `which` is in this list.
    parcel::owner take(parcel& which) noexcept {
        list_.erase(which);
        --size_;
        bytes_ -= which.size();
        return parcel::owner(&which);
    }

private:
    void count(const parcel& fresh) noexcept {
        ++size_;
        bytes_ += fresh.size();
    }

    intrusive_list<parcel> list_;
    std::size_t size_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace nightjar::client
