#pragma once
// Takes messages, answers them, and holds each against what its publisher sent.

#include "flow.hpp"
#include "subscribing_peer.hpp"

#include <map>
#include <memory>

namespace nightjar::app::benchmark {

class subscriber final : public subscribing_peer {
public:
    subscriber(world& where, std::string client_id, std::vector<std::string> filters)
        : subscribing_peer(where, std::move(client_id)), filters_(std::move(filters)) {}

    /// It will get all messages of this flow, by one of its filters. Before open().
    void expect(flow& what);

private:
    std::string filter(std::uint32_t index) override {
        return index < filters_.size() ? filters_[index] : std::string();
    }
    std::size_t on_packets(bytes_view& in) noexcept override;
    void on_publish(const mqtt::frame& what) noexcept;
    void check(const stamp& got) noexcept;
    void answer(mqtt::packet_id id) noexcept;

    std::vector<std::string> filters_;
    std::vector<std::unique_ptr<sink>> sinks_;
    std::vector<sink*> by_flow_;  // from first_flow_ on
    std::uint64_t first_flow_ = 0;
    std::map<const publisher*, std::uint64_t> reached_;
    instant heard_{};
};

}  // namespace nightjar::app::benchmark
