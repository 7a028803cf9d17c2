// A workgroup squares and adds GROUP * PER_THREAD = 16384 numbers: map and reduce, as threads and processes do.
// A square may need 64 bits, and WGSL has 32. So it is four digits in base 65536, the lowest first, which are added
// without carrying: each is less than 3 * 65536, and 16384 of those fit into 32 bits. The host carries.
const GROUP: u32 = 256;
const PER_THREAD: u32 = 64;

struct Part { before: u32, count: u32 } // the numbers before + 1 to before + count, or `count` numbers from memory

@group(0) @binding(0) var<uniform> part: Part;
@group(0) @binding(1) var<storage, read_write> totals: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> numbers: array<u32>;
var<workgroup> sums: array<vec4<u32>, GROUP>;

fn square(number: u32) -> vec4<u32> {
    let low = number & 0xffff;
    let high = number >> 16;
    let a = low * low;
    let b = low * high; // counts twice, and 65536 times
    let c = high * high; // counts 65536 * 65536 times
    return vec4(a & 0xffff, (a >> 16) + 2 * (b & 0xffff), 2 * (b >> 16) + (c & 0xffff), c >> 16);
}

// Threads that are neighbours take neighbouring numbers, so that memory is read in one go.
fn index(group: u32, thread: u32, turn: u32) -> u32 {
    return (group * PER_THREAD + turn) * GROUP + thread;
}

@compute @workgroup_size(GROUP)
fn counted(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    var sum = vec4<u32>();
    for (var turn = 0u; turn < PER_THREAD; turn++) {
        let i = index(group.x, thread, turn);
        if i < part.count { sum += square(part.before + i + 1); }
    }
    reduce(group.x, thread, sum);
}

@compute @workgroup_size(GROUP)
fn from_memory(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    var sum = vec4<u32>();
    for (var turn = 0u; turn < PER_THREAD; turn++) {
        let i = index(group.x, thread, turn);
        if i < part.count { sum += square(numbers[i]); }
    }
    reduce(group.x, thread, sum);
}

// Half of the threads add the other half's sums, then a quarter, until one has them all.
fn reduce(group: u32, thread: u32, sum: vec4<u32>) {
    sums[thread] = sum;
    for (var half = GROUP / 2; half > 0; half /= 2) {
        workgroupBarrier();
        if thread < half { sums[thread] += sums[thread + half]; }
    }
    if thread == 0 { totals[group] = sums[0]; }
}
