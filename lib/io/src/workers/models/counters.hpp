#pragma once
// The counters of all workers, in memory that forked processes share.

#include <nightjar/io/models.hpp>

namespace nightjar::io::models {

/// Rows at fixed addresses, zero at first. Made before the processes are.
class counter_table {
public:
    static result<std::unique_ptr<counter_table>> make(std::size_t rows);
    ~counter_table();
    counter_table(const counter_table&) = delete;
    counter_table& operator=(const counter_table&) = delete;

    counter_row& operator[](std::size_t index) noexcept { return rows_[index]; }
    std::size_t size() const noexcept { return size_; }

private:
    counter_table(counter_row* rows, std::size_t size) noexcept : rows_(rows), size_(size) {}

    counter_row* rows_;
    std::size_t size_;
};

/// Adds what the row says.
void add_counts(worker_counts& to, const counter_row& row) noexcept;

}  // namespace nightjar::io::models
