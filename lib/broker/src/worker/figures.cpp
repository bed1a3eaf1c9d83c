#include "figures.hpp"

namespace nightjar::broker {
namespace {

struct pair {
    std::uint64_t statistics::*figure;
    counter counters::*source;
};

constexpr pair pairs[] = {
    {&statistics::refused, &counters::connections_refused},
    {&statistics::clients_connected, &counters::clients_connected},
    {&statistics::clients_disconnected, &counters::clients_disconnected},
    {&statistics::clients_expired, &counters::clients_expired},
    {&statistics::sockets, &counters::connections_accepted},
    {&statistics::connects, &counters::connects},
    {&statistics::messages_received, &counters::messages_received},
    {&statistics::messages_sent, &counters::messages_sent},
    {&statistics::publish_received, &counters::publish_messages_received},
    {&statistics::publish_sent, &counters::publish_messages_sent},
    {&statistics::publish_dropped, &counters::publish_messages_dropped},
    {&statistics::publish_bytes_received, &counters::publish_bytes_received},
    {&statistics::publish_bytes_sent, &counters::publish_bytes_sent},
    {&statistics::bytes_received, &counters::bytes_received},
    {&statistics::bytes_sent, &counters::bytes_sent},
    {&statistics::queued, &counters::messages_queued},
    {&statistics::queued_bytes, &counters::bytes_queued},
    {&statistics::output_bytes, &counters::output_bytes},
    {&statistics::output_publishes, &counters::output_publishes},
    {&statistics::subscriptions, &counters::subscriptions},
    {&statistics::shared_subscriptions, &counters::shared_subscriptions},
    {&statistics::retained_refused, &counters::retained_refused},
    {&statistics::letters_sent, &counters::letters_sent},
};

struct lost_by {
    std::uint64_t statistics::losses::*figure;
    loss why;
};

constexpr lost_by losses[] = {
    {&statistics::losses::queue_messages, loss::queue_messages},
    {&statistics::losses::queue_bytes, loss::queue_bytes},
    {&statistics::losses::slow_reader, loss::slow_reader},
    {&statistics::losses::packet_size, loss::packet_size},
    {&statistics::losses::memory, loss::memory},
};

}  // namespace

statistics figures_of(const counters& from) noexcept {
    statistics made;
    for (const pair& one : pairs) made.*one.figure = (from.*one.source).get();
    for (const lost_by& one : losses)
        made.lost.*one.figure = from.lost[static_cast<std::size_t>(one.why)].get();
    return made;
}

statistics& operator+=(statistics& to, const statistics& more) noexcept {
    for (const pair& one : pairs) to.*one.figure += more.*one.figure;
    for (const lost_by& one : losses) to.lost.*one.figure += more.lost.*one.figure;
    return to;
}

}  // namespace nightjar::broker
