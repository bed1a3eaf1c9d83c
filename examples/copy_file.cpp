// Copies a file without ever holding up the loop:  copy_file FROM TO
#include <nightjar/io/files.hpp>
#include <nightjar/io/serve.hpp>

#include <cstdio>

using namespace nightjar;

/// Reads a block, writes it, and so on; syncs at the end. One operation is under way at a time.
struct copier {
    io::files& disk;
    io::loop& loop;
    io::file from{}, to{};
    std::uint64_t at = 0;
    error why{};
    io::pending step{};

    void begin(const char* source, const char* target) {
        follow(disk.open(source, {}, [this, target](auto opened) {
            if (!take(opened, from)) return;
            const io::open_options fresh{
                .how = io::open_options::write, .create = true, .truncate = true};
            follow(disk.open(target, fresh, [this](auto made) {
                if (take(made, to)) read(io::files::buffer(1 << 20));
            }));
        }));
    }
    void read(io::files::buffer room) {
        room.resize(1 << 20);
        follow(disk.read(from, at, std::move(room), [this](auto got) {
            if (!got) return end(got.error());
            if (got->empty()) return sync();
            write(std::move(*got));
        }));
    }
    void write(io::files::buffer what) {
        const std::size_t size = what.size();
        follow(disk.write(to, at, std::move(what), [this, size](auto done) {
            if (!done) return end(done.error());
            at += size;
            read(std::move(*done));
        }));
    }
    void sync() {
        follow(disk.sync(to, [this](auto done) { end(done ? error(error::none) : done.error()); }));
    }

    bool take(result<io::file>& opened, io::file& as) {
        if (!opened) return end(opened.error()), false;
        as = *opened;
        return true;
    }
    void follow(result<io::pending> started) {
        if (!started) return end(started.error());
        step = std::move(*started);
    }
    void end(error how) {
        why = how;
        loop.stop();
    }
};

int main(int count, char** words) {
    if (count != 3) return std::fprintf(stderr, "copy_file FROM TO\n"), 2;
    io::loop loop;
    auto pool = io::work_pool::start({.threads = 1});
    if (!pool) return io::complain("copy_file", pool.error());
    io::files disk(loop, **pool);
    copier job{disk, loop};
    job.begin(words[1], words[2]);
    loop.run();
    if (job.why != error::none) return io::complain("copy_file", job.why);
    std::printf("%llu bytes\n", static_cast<unsigned long long>(job.at));
}
