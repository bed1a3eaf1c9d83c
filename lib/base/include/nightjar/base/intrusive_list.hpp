#pragma once
// A doubly linked list through its elements: it allocates nothing, owns nothing and forgets an
// element that dies.
//
//     struct dirty;                                          // a tag per list that a thing can be
//     in struct connection : list_hook<dirty> { ... }; intrusive_list<connection, dirty> to_flush;

#include <cstddef>
#include <iterator>
#include <nightjar/base/expects.hpp>
#include <utility>

namespace nightjar {

template <class T, class Tag>
class intrusive_list;

/// The base of what can be in a list of this tag: in one list of it at most. Unlinks itself when it
/// dies.
template <class Tag = void>
class list_hook {
public:
    list_hook() noexcept = default;
    list_hook(const list_hook&) = delete;
    list_hook& operator=(const list_hook&) = delete;
    ~list_hook() { unlink(); }

    bool is_linked() const noexcept { return next_ != nullptr; }

    /// Leaves the list it is in, if any. O(1).
    void unlink() noexcept {
        if (!is_linked()) return;
        prev_->next_ = next_;
        next_->prev_ = prev_;
        prev_ = next_ = nullptr;
    }

private:
    template <class T, class U>
    friend class intrusive_list;

    void link_before(list_hook& at) noexcept {
        prev_ = at.prev_;
        next_ = &at;
        prev_->next_ = this;
        at.prev_ = this;
    }

    list_hook* prev_ = nullptr;
    list_hook* next_ = nullptr;
};

/// A list of T, which derives publicly from `list_hook<Tag>`. Everything is O(1) but `clear()` and
/// the destructor. Changing the list while iterating is allowed, except that the current element
/// must stay linked; where an element's turn may unlink anything, take them with `pop_front()`
/// (from a list `splice()`d aside, if they may come back).
template <class T, class Tag = void>
class intrusive_list {
    using hook = list_hook<Tag>;

public:
    class iterator {
    public:
        using iterator_category = std::bidirectional_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using pointer = T*;
        using reference = T&;

        iterator() noexcept = default;
        T& operator*() const noexcept { return *static_cast<T*>(at_); }
        T* operator->() const noexcept { return static_cast<T*>(at_); }
        iterator& operator++() noexcept { return at_ = at_->next_, *this; }
        iterator& operator--() noexcept { return at_ = at_->prev_, *this; }
        iterator operator++(int) noexcept { return iterator(std::exchange(at_, at_->next_)); }
        iterator operator--(int) noexcept { return iterator(std::exchange(at_, at_->prev_)); }
        friend bool operator==(iterator, iterator) noexcept = default;

    private:
        friend class intrusive_list;
        explicit iterator(hook* at) noexcept : at_(at) {}
        hook* at_ = nullptr;
    };

    intrusive_list() noexcept { reset(); }
    intrusive_list(const intrusive_list&) = delete;
    intrusive_list& operator=(const intrusive_list&) = delete;
    ~intrusive_list() {
        clear();
        head_.prev_ = head_.next_ = nullptr;
    }

    bool empty() const noexcept { return head_.next_ == &head_; }

    /// Promise of these four: the element is in no list of this tag.
    void push_back(T& element) noexcept { insert(head_, element); }
    void push_front(T& element) noexcept { insert(*head_.next_, element); }
    void insert_before(T& at, T& element) noexcept { insert(static_cast<hook&>(at), element); }
    void insert_after(T& at, T& element) noexcept {
        insert(*static_cast<hook&>(at).next_, element);
    }

    /// Null when empty.
    T* front() noexcept { return empty() ? nullptr : static_cast<T*>(head_.next_); }
    T* back() noexcept { return empty() ? nullptr : static_cast<T*>(head_.prev_); }

    /// Unlinks the first and returns it, or null when empty.
    T* pop_front() noexcept {
        T* first = front();
        if (first) static_cast<hook*>(first)->unlink();
        return first;
    }

    /// Whether it is in a list of this tag; says it where an element has several hooks.
    static bool is_linked(const T& element) noexcept {
        return static_cast<const hook&>(element).is_linked();
    }

    /// Promise: `element` is in this list.
    static void erase(T& element) noexcept {
        expects(static_cast<hook&>(element).is_linked(), "erase() of what is in the list");
        static_cast<hook&>(element).unlink();
    }

    /// Moves all of `other` behind what is here; `other` is empty then.
    void splice(intrusive_list& other) noexcept {
        if (other.empty() || this == &other) return;
        hook* first = other.head_.next_;
        hook* last = other.head_.prev_;
        first->prev_ = head_.prev_;
        head_.prev_->next_ = first;
        last->next_ = &head_;
        head_.prev_ = last;
        other.reset();
    }

    /// Unlinks all of them, O(elements).
    void clear() noexcept {
        while (pop_front()) {
        }
    }

    iterator begin() noexcept { return iterator(head_.next_); }
    iterator end() noexcept { return iterator(&head_); }

private:
    void insert(hook& before, T& element) noexcept {
        expects(!static_cast<hook&>(element).is_linked(), "an element is in one list at most");
        static_cast<hook&>(element).link_before(before);
    }
    void reset() noexcept { head_.prev_ = head_.next_ = &head_; }

    hook head_;
};

}  // namespace nightjar
