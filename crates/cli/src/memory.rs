//! Memory of this computer: how much of it a job may take for keys.

use std::fs;

/// The budget where the system does not say how much memory is free.
const UNKNOWN: u64 = 256 << 20;

/// A quarter of the free memory, in bytes.
pub fn default_budget() -> u64 {
    free().map_or(UNKNOWN, |free| free / 4)
}

/// The memory that programs can get without swapping, in bytes: what Linux says, or what is left of
/// the limit of the control group, such as a container's.
fn free() -> Option<u64> {
    let meminfo = fs::read_to_string("/proc/meminfo").ok()?;
    let of_system = available(&meminfo)?;
    Some(left_in_group().map_or(of_system, |left| left.min(of_system)))
}

fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|l| l.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// What is left of the limit of the own control group, version 2; `None` without a limit.
fn left_in_group() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let group = groups.lines().find_map(|line| line.strip_prefix("0::"))?;
    let read = |name: &str| {
        let text = fs::read_to_string(format!("/sys/fs/cgroup{group}/{name}")).ok()?;
        text.trim().parse::<u64>().ok()
    };
    // Without a limit, the file says "max".
    Some(read("memory.max")?.saturating_sub(read("memory.current")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_free_memory_is_that_of_the_system() {
        let meminfo = "MemTotal:       24683688 kB\nMemAvailable:   23812000 kB\n";
        assert_eq!(available(meminfo), Some(23_812_000 * 1024));
        assert_eq!(available("MemTotal: 1 kB\n"), None);
    }
}
