#include "workers/models/counters.hpp"

#include "os/error.hpp"

#include <sys/mman.h>

#include <new>

namespace nightjar::io::models {

result<std::unique_ptr<counter_table>> counter_table::make(std::size_t rows) {
    void* room = ::mmap(nullptr, rows * sizeof(counter_row), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) return fail(os::last_error());
    auto* first = static_cast<counter_row*>(room);
    for (std::size_t i = 0; i < rows; ++i) new (first + i) counter_row;
    return std::unique_ptr<counter_table>(new counter_table(first, rows));
}

counter_table::~counter_table() { ::munmap(rows_, size_ * sizeof(counter_row)); }

void add_counts(worker_counts& to, const counter_row& row) noexcept {
    const auto read = [](const counter_row::field& one) {
        return one.load(std::memory_order_relaxed);
    };
    to.connections += read(row.connections);
    to.accepted += read(row.accepted);
    to.messages += read(row.messages);
    to.bytes_in += read(row.bytes_in);
    to.bytes_out += read(row.bytes_out);
}

}  // namespace nightjar::io::models
