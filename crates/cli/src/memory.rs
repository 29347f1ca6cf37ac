//! Memory of this computer: how much of it a job may take for keys.

use bytesize::MIB;
use sysinfo::{MemoryRefreshKind, RefreshKind, System};

/// The budget where the system does not say how much memory is free.
const UNKNOWN: u64 = 256 * MIB;

/// A quarter of the memory that programs can get without swapping, in bytes. In a container, that
/// is a quarter of what its limit leaves.
pub fn default_budget() -> u64 {
    let memory = RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram());
    let Ok(system) = System::new_with_specifics(memory) else {
        return UNKNOWN;
    };
    let free = system.available_memory();
    let of_container = system.cgroup_limits().map(|limits| limits.free_memory);
    of_container.map_or(free, |left| left.min(free)) / 4
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_machine_has_memory() {
        assert!(super::default_budget() > 1 << 20);
    }
}
