//! The arithmetic of the reader: int8 products, attention, layer norm, GELU.
//!
//! The only module with `unsafe`. Each kernel exists once as plain Rust with explicit lanes and
//! fused multiply-adds, compiled twice: for AVX2 + FMA and for any machine. The integer products
//! are exact and the lanes are fixed, so both give the same bits.

use std::sync::OnceLock;

/// Output columns in one packed panel: two AVX2 registers of eight 32-bit sums.
const PANEL: usize = 16;
/// Input columns read in one step of the inner loop.
const STEP: usize = 16;
/// Bytes of weights in one step of one panel.
const STEP_BYTES: usize = PANEL * STEP;
/// Rows computed together.
const TILE: usize = 4;
/// Rows that pass over all panels together, so that they stay in the second-level cache.
const BLOCK: usize = 96;
/// The largest byte that stands for an activation. Seven bits cost 0.02 to 0.05 LAS against eight (EWT and GUM
/// dev, November 2026) and let twice as many products be added in 16 bits.
const LEVELS: u8 = 127;
/// The largest sum of the positive (or negative) weights of eight products that are added in 16 bits.
const SAFE_SUM: i32 = i16::MAX as i32 / LEVELS as i32;

/// Maps a file into memory, to be read where it lies.
///
/// # Errors
/// Those of the system: an empty file, no memory.
pub fn map_file(file: &std::fs::File) -> std::io::Result<memmap2::Mmap> {
    // SAFETY: the map is only read; a model file that another program changes while it is open is
    // outside what we promise, as for every mapped file.
    unsafe { memmap2::Mmap::map(file) }
}

fn has_avx2() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    *FOUND.get_or_init(|| {
        #[cfg(target_arch = "x86_64")]
        {
            is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            false
        }
    })
}

/// Compiles one function body for AVX2 and for any machine, and picks at run time.
macro_rules! dispatched {
    ($(#[$doc:meta])* $visible:vis fn $name:ident ($($arg:ident : $ty:ty),* $(,)?) $body:block) => {
        $(#[$doc])*
        $visible fn $name($($arg: $ty),*) {
            #[inline(always)]
            fn body($($arg: $ty),*) $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            fn fast($($arg: $ty),*) {
                body($($arg),*)
            }

            #[cfg(target_arch = "x86_64")]
            if has_avx2() {
                // SAFETY: the processor has AVX2 and FMA; the body itself is safe code.
                return unsafe { fast($($arg),*) };
            }
            body($($arg),*)
        }
    };
}

/// A weight matrix of n rows (outputs) by k columns (inputs) in int8, packed for the kernel.
///
/// Panels of 16 outputs; in a panel, for every 16 inputs, four times (4 inputs x 16 outputs), the 4
/// inputs of an output side by side. The product adds four results of `maddubs` in 16 bits before
/// it widens. That is exact when the eight weights that meet in one sum have at most [`SAFE_SUM`] of
/// either sign; the few groups that exceed this are lowered, and the rest of the weight is kept in
/// `excess` and added in 32 bits.
pub(crate) struct Packed {
    n: usize,
    k: usize,
    k_padded: usize,
    data: Vec<i8>,
    /// One value an output, padded to whole panels.
    scale: Vec<f32>,
    /// scale x sum of the weights of the output, which the offset of a row multiplies.
    weight_sum: Vec<f32>,
    bias: Vec<f32>,
    excess: Vec<Vec<Excess>>,
}

struct Excess {
    column: u8,
    weight: i8,
    input: u32,
}

impl Packed {
    /// Packs `weights` (n x k, row by row, values in -63..=63); row r stands for `scale[r] * row`.
    ///
    /// # Panics
    /// If the lengths do not agree.
    pub(crate) fn new(weights: &[i8], scale: &[f32], bias: &[f32], k: usize) -> Packed {
        let n = scale.len();
        assert_eq!(weights.len(), n * k, "n x k weights");
        assert_eq!(bias.len(), n, "one bias an output");
        let k_padded = k.next_multiple_of(STEP);
        let panels = n.div_ceil(PANEL);
        let mut packed = Packed {
            n,
            k,
            k_padded,
            data: vec![0; panels * PANEL * k_padded],
            scale: vec![0.0; panels * PANEL],
            weight_sum: vec![0.0; panels * PANEL],
            bias: vec![0.0; panels * PANEL],
            excess: (0..panels).map(|_| Vec::new()).collect(),
        };
        packed.scale[..n].copy_from_slice(scale);
        packed.bias[..n].copy_from_slice(bias);
        for (row, values) in weights.chunks_exact(k.max(1)).enumerate() {
            let sum: i32 = values.iter().map(|&w| i32::from(w)).sum();
            packed.weight_sum[row] = scale[row] * sum as f32;
            let (panel, column) = (row / PANEL, row % PANEL);
            for (step, chunk) in values.chunks(STEP).enumerate() {
                let mut inputs = [0i8; STEP];
                inputs[..chunk.len()].copy_from_slice(chunk);
                // The inputs that meet in one 16-bit sum.
                for group in [[0, 1, 4, 5, 8, 9, 12, 13], [2, 3, 6, 7, 10, 11, 14, 15]] {
                    for sign in [1, -1] {
                        packed.lower(&mut inputs, group, sign, panel, column, step);
                    }
                }
                let start = panel * PANEL * k_padded + step * STEP_BYTES;
                for (i, &w) in inputs.iter().enumerate() {
                    packed.data[start + (i / 4) * 64 + column * 4 + i % 4] = w;
                }
            }
        }
        packed
    }

    /// Packs weights given in full precision, with one scale an output.
    pub(crate) fn from_f32(weights: &[f32], bias: &[f32], k: usize) -> Packed {
        let mut scales = Vec::new();
        let mut values = Vec::with_capacity(weights.len());
        for row in weights.chunks_exact(k) {
            let largest = row.iter().fold(0f32, |m, w| m.max(w.abs()));
            let scale = if largest > 0.0 { largest / 63.0 } else { 1.0 };
            values.extend(row.iter().map(|w| (w / scale).round() as i8));
            scales.push(scale);
        }
        Packed::new(&values, &scales, bias, k)
    }

    fn lower(
        &mut self,
        inputs: &mut [i8; STEP],
        group: [usize; 8],
        sign: i32,
        panel: usize,
        column: usize,
        step: usize,
    ) {
        let sum: i32 = group.iter().map(|&i| (sign * i32::from(inputs[i])).max(0)).sum();
        let mut over = sum - SAFE_SUM;
        for i in group {
            let here = (sign * i32::from(inputs[i])).max(0).min(over.max(0));
            if here > 0 {
                over -= here;
                let part = (sign * here) as i8;
                inputs[i] -= part;
                self.excess[panel].push(Excess {
                    column: column as u8,
                    weight: part,
                    input: (step * STEP + i) as u32,
                });
            }
        }
    }

    /// Number of outputs.
    pub(crate) fn n(&self) -> usize {
        self.n
    }

    /// Number of inputs.
    #[cfg(test)]
    pub(crate) fn k(&self) -> usize {
        self.k
    }
}

/// Rows of activations as bytes: row r stands for `offset[r] + scale[r] * byte`.
#[derive(Default)]
pub(crate) struct Quantised {
    bytes: Vec<u8>,
    scale: Vec<f32>,
    offset: Vec<f32>,
    k_padded: usize,
}

impl Quantised {
    /// Quantises rows of k values, each row by itself.
    pub(crate) fn fill(&mut self, x: &[f32], k: usize) {
        let rows = x.len() / k;
        self.k_padded = k.next_multiple_of(STEP);
        self.bytes.resize(rows * self.k_padded, 0);
        self.scale.resize(rows, 0.0);
        self.offset.resize(rows, 0.0);
        quantise_rows(x, k, &mut self.bytes, self.k_padded, &mut self.scale, &mut self.offset);
    }
}

/// The largest of `sign * v`, in lanes.
#[inline(always)]
fn largest(row: &[f32], sign: f32) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; 16];
    let (chunks, rest) = row.as_chunks::<16>();
    for chunk in chunks {
        lanes = std::array::from_fn(|i| {
            let v = sign * chunk[i];
            if v > lanes[i] { v } else { lanes[i] }
        });
    }
    let lanes = lanes.into_iter().fold(f32::NEG_INFINITY, f32::max);
    rest.iter().fold(lanes, |m, v| m.max(sign * v))
}

dispatched! {
    fn quantise_rows(
        x: &[f32],
        k: usize,
        bytes: &mut [u8],
        k_padded: usize,
        scale: &mut [f32],
        offset: &mut [f32],
    ) {
        let levels = f32::from(LEVELS);
        for (r, row) in x.chunks_exact(k).enumerate() {
            let low = -largest(row, -1.0);
            let high = largest(row, 1.0);
            let range = high - low;
            let step = range / levels;
            let inverse = if range > 0.0 { levels / range } else { 0.0 };
            scale[r] = step;
            offset[r] = low;
            let out = &mut bytes[r * k_padded..][..k_padded];
            for (o, &v) in out.iter_mut().zip(row) {
                let level = (v - low).mul_add(inverse, 0.5);
                let level = if level < levels { level } else { levels };
                let level = if level > 0.0 { level } else { 0.0 };
                // SAFETY: the level lies in 0..=127 (a NaN became 127 above).
                *o = unsafe { level.to_int_unchecked::<i32>() } as u8;
            }
            out[k..].fill(0);
        }
    }
}

dispatched! {
    /// `out[r][c] = x[r] . w[c] + bias[c]`: rows x n, row by row.
    pub(crate) fn matmul(x: &Quantised, w: &Packed, out: &mut Vec<f32>) {
        let rows = x.scale.len();
        assert_eq!(x.k_padded, w.k_padded, "inner sizes agree ({})", w.k);
        out.resize(rows * w.n, 0.0);
        let mut first = 0;
        while first < rows {
            let end = (first + BLOCK).min(rows);
            for panel in 0..w.excess.len() {
                let mut row = first;
                while row + TILE <= end {
                    tile::<TILE>(x, w, row, panel, out);
                    row += TILE;
                }
                match end - row {
                    1 => tile::<1>(x, w, row, panel, out),
                    2 => tile::<2>(x, w, row, panel, out),
                    3 => tile::<3>(x, w, row, panel, out),
                    _ => {}
                }
            }
            first = end;
        }
    }
}

#[inline(always)]
fn tile<const R: usize>(x: &Quantised, w: &Packed, row: usize, panel: usize, out: &mut [f32]) {
    let k = w.k_padded;
    let a = &x.bytes[row * k..][..R * k];
    let b = &w.data[panel * PANEL * k..][..PANEL * k];
    let mut sums = [[0i32; PANEL]; R];
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the processor has AVX2; `a` holds R rows of k bytes and `b` k x 16 weights.
        unsafe { avx2::tile::<R>(a, b, k, &mut sums) };
    } else {
        tile_plain::<R>(a, b, k, &mut sums);
    }
    #[cfg(not(target_arch = "x86_64"))]
    tile_plain::<R>(a, b, k, &mut sums);

    for e in &w.excess[panel] {
        for (r, sums) in sums.iter_mut().enumerate() {
            sums[usize::from(e.column)] += i32::from(a[r * k + e.input as usize]) * i32::from(e.weight);
        }
    }
    let first = panel * PANEL;
    let scale: &[f32; PANEL] = w.scale[first..].first_chunk().expect("padded to whole panels");
    let weight_sum: &[f32; PANEL] = w.weight_sum[first..].first_chunk().expect("padded to whole panels");
    let bias: &[f32; PANEL] = w.bias[first..].first_chunk().expect("padded to whole panels");
    for (r, sums) in sums.iter().enumerate() {
        let (row_scale, row_offset) = (x.scale[row + r], x.offset[row + r]);
        let mut values = [0f32; PANEL];
        for c in 0..PANEL {
            values[c] =
                (sums[c] as f32).mul_add(scale[c] * row_scale, weight_sum[c].mul_add(row_offset, bias[c]));
        }
        let out = &mut out[(row + r) * w.n + first..(row + r + 1) * w.n];
        match out.first_chunk_mut::<PANEL>() {
            Some(whole) => *whole = values,
            None => out.copy_from_slice(&values[..out.len()]),
        }
    }
}

fn tile_plain<const R: usize>(a: &[u8], b: &[i8], k: usize, sums: &mut [[i32; PANEL]; R]) {
    for (step, weights) in b.chunks_exact(STEP_BYTES).enumerate() {
        for (r, sums) in sums.iter_mut().enumerate() {
            let a = &a[r * k + step * STEP..][..STEP];
            for (i, &v) in a.iter().enumerate() {
                for (c, sum) in sums.iter_mut().enumerate() {
                    *sum += i32::from(v) * i32::from(weights[(i / 4) * 64 + c * 4 + i % 4]);
                }
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{PANEL, STEP, STEP_BYTES};
    use std::arch::x86_64::*;

    /// # Safety
    /// The processor has AVX2; `a` holds R rows of k bytes, `b` k x 16 packed weights, k a multiple of 16.
    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn tile<const R: usize>(a: &[u8], b: &[i8], k: usize, sums: &mut [[i32; PANEL]; R]) {
        debug_assert!(a.len() >= R * k && b.len() >= PANEL * k && k.is_multiple_of(STEP));
        let ones = _mm256_set1_epi16(1);
        let (a, b) = (a.as_ptr(), b.as_ptr());
        // Half a panel at a time: R sums of 32 bits and R of 16 bits stay in registers.
        for half in 0..2 {
            let mut acc = [_mm256_setzero_si256(); R];
            for step in 0..k / STEP {
                let mut short = [_mm256_setzero_si256(); R];
                for four in 0..STEP / 4 {
                    // SAFETY: step < k / 16, so 256 bytes of `b` and 16 bytes of each row of `a` are inside.
                    unsafe {
                        let b = b.add(step * STEP_BYTES + four * 64 + half * 32);
                        let b = _mm256_loadu_si256(b.cast());
                        for (r, short) in short.iter_mut().enumerate() {
                            let a = a.add(r * k + step * STEP + four * 4).cast::<i32>();
                            let a = _mm256_set1_epi32(a.read_unaligned());
                            *short = _mm256_add_epi16(*short, _mm256_maddubs_epi16(a, b));
                        }
                    }
                }
                for (acc, short) in acc.iter_mut().zip(&short) {
                    *acc = _mm256_add_epi32(*acc, _mm256_madd_epi16(*short, ones));
                }
            }
            for (sums, acc) in sums.iter_mut().zip(&acc) {
                // SAFETY: a row of sums is 16 numbers of 32 bits, two registers.
                unsafe { _mm256_storeu_si256(sums.as_mut_ptr().add(half * 8).cast(), *acc) };
            }
        }
    }
}

/// e to the power x, to about 2 units in the last place, for x <= 88; 0 far below.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = if x > -87.0 { x } else { -87.0 };
    let x = if x < 88.0 { x } else { 88.0 };
    // Adding and taking away 1.5 * 2^23 rounds to the nearest whole number.
    const ROUND: f32 = 12_582_912.0;
    let n = x.mul_add(std::f32::consts::LOG2_E, ROUND) - ROUND;
    let r = n.mul_add(-0.693_359_4, x);
    let r = n.mul_add(2.121_944_4e-4, r);
    let p = 1.987_569_1e-4f32;
    let p = p.mul_add(r, 1.398_2e-3);
    let p = p.mul_add(r, 8.333_452e-3);
    let p = p.mul_add(r, 4.166_579_6e-2);
    let p = p.mul_add(r, 1.666_666_5e-1);
    let p = p.mul_add(r, 0.5);
    let p = p.mul_add(r * r, r) + 1.0;
    // SAFETY: n lies in -126..=127 by the clamp above.
    let power = unsafe { n.to_int_unchecked::<i32>() };
    p * f32::from_bits(((power + 127) as u32) << 23)
}

/// The error function, to about 3e-7: the rational approximation used by Eigen.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let x = if x > -4.0 { x } else { -4.0 };
    let x = if x < 4.0 { x } else { 4.0 };
    let s = x * x;
    let p = -2.726_142_3e-10f32;
    let p = p.mul_add(s, 2.770_681_4e-8);
    let p = p.mul_add(s, -2.101_024e-6);
    let p = p.mul_add(s, -5.692_506_4e-5);
    let p = p.mul_add(s, -7.349_906_3e-4);
    let p = p.mul_add(s, -2.954_6e-3);
    let p = p.mul_add(s, -1.609_603_3e-2);
    let q = -1.456_607_2e-5f32;
    let q = q.mul_add(s, -2.133_740_6e-4);
    let q = q.mul_add(s, -1.682_827e-3);
    let q = q.mul_add(s, -7.373_329e-3);
    let q = q.mul_add(s, -1.426_473_9e-2);
    x * p / q
}

dispatched! {
    /// GELU with the exact error function, in place.
    pub(crate) fn gelu(x: &mut [f32]) {
        for v in x {
            let half = 0.5 * *v;
            *v = half.mul_add(erf(*v * std::f32::consts::FRAC_1_SQRT_2), half);
        }
    }
}

/// Sum of products, in eight lanes.
#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0f32; 16];
    let (a, a_rest) = a.as_chunks::<16>();
    let (b, b_rest) = b.as_chunks::<16>();
    for (a, b) in a.iter().zip(b) {
        for i in 0..16 {
            lanes[i] = a[i].mul_add(b[i], lanes[i]);
        }
    }
    for (i, (a, b)) in a_rest.iter().zip(b_rest).enumerate() {
        lanes[i] = a.mul_add(*b, lanes[i]);
    }
    fold(lanes)
}

#[inline(always)]
fn fold(lanes: [f32; 16]) -> f32 {
    let mut half = [0f32; 8];
    for i in 0..8 {
        half[i] = lanes[i] + lanes[i + 8];
    }
    ((half[0] + half[4]) + (half[2] + half[6])) + ((half[1] + half[5]) + (half[3] + half[7]))
}

dispatched! {
    /// Layer norm of rows, in place, after adding `residual` (same shape, or empty).
    pub(crate) fn add_and_norm(x: &mut [f32], residual: &[f32], weight: &[f32], bias: &[f32], epsilon: f32) {
        let width = weight.len();
        for (r, row) in x.chunks_exact_mut(width).enumerate() {
            if !residual.is_empty() {
                for (v, add) in row.iter_mut().zip(&residual[r * width..][..width]) {
                    *v += *add;
                }
            }
            let mut lanes = [0f32; 16];
            let (chunks, rest) = row.as_chunks::<16>();
            for chunk in chunks {
                for i in 0..16 {
                    lanes[i] += chunk[i];
                }
            }
            for (i, v) in rest.iter().enumerate() {
                lanes[i] += v;
            }
            let mean = fold(lanes) / width as f32;
            for v in row.iter_mut() {
                *v -= mean;
            }
            let variance = dot(row, row) / width as f32;
            let inverse = 1.0 / (variance + epsilon).sqrt();
            for ((v, w), b) in row.iter_mut().zip(weight).zip(bias) {
                *v = (*v * inverse).mul_add(*w, *b);
            }
        }
    }
}

dispatched! {
    /// `sum += factor * x`.
    pub(crate) fn add_scaled(sum: &mut [f32], x: &[f32], factor: f32) {
        for (s, v) in sum.iter_mut().zip(x) {
            *s = v.mul_add(factor, *s);
        }
    }
}

dispatched! {
    /// Self-attention of one pass of t pieces.
    ///
    /// `qkv` is t x 3d (queries already divided by the root of the head width), `out` t x d;
    /// `keys` and `scores` are scratch.
    pub(crate) fn attention(
        qkv: &[f32],
        t: usize,
        d: usize,
        heads: usize,
        keys: &mut Vec<f32>,
        scores: &mut Vec<f32>,
        out: &mut [f32],
    ) {
        let width = d / heads;
        let padded = t.next_multiple_of(16);
        keys.clear();
        keys.resize(width * padded, 0.0);
        scores.clear();
        scores.resize(ATTENTION_ROWS * padded, 0.0);
        for head in 0..heads {
            let at = head * width;
            for j in 0..t {
                for (c, v) in qkv[j * 3 * d + d + at..][..width].iter().enumerate() {
                    keys[c * padded + j] = *v;
                }
            }
            let mut i = 0;
            while i < t {
                // No closures here: they would be compiled without AVX2.
                let rows = match t - i {
                    ATTENTION_ROWS.. => {
                        attend::<ATTENTION_ROWS>(qkv, t, d, width, at, i, keys, scores, out);
                        ATTENTION_ROWS
                    }
                    2.. => {
                        attend::<2>(qkv, t, d, width, at, i, keys, scores, out);
                        2
                    }
                    _ => {
                        attend::<1>(qkv, t, d, width, at, i, keys, scores, out);
                        1
                    }
                };
                i += rows;
            }
        }
    }
}

/// Queries of one head that are answered together.
const ATTENTION_ROWS: usize = 4;

/// The answers of R queries from row `i` on, of the head whose columns begin at `at`.
#[inline(always)]
#[expect(clippy::too_many_arguments)]
fn attend<const R: usize>(
    qkv: &[f32],
    t: usize,
    d: usize,
    width: usize,
    at: usize,
    i: usize,
    keys: &[f32],
    scores: &mut [f32],
    out: &mut [f32],
) {
    let padded = t.next_multiple_of(16);
    let scores = &mut scores[..R * padded];
    for block in (0..padded).step_by(16) {
        let sums = small_product::<R>(&qkv[i * 3 * d + at..], 3 * d, &keys[block..], padded, width);
        for (r, sums) in sums.iter().enumerate() {
            scores[r * padded + block..][..16].copy_from_slice(sums);
        }
    }
    let mut inverse = [0f32; R];
    for (inverse, scores) in inverse.iter_mut().zip(scores.chunks_exact_mut(padded)) {
        let largest = largest(&scores[..t], 1.0);
        scores[t..].fill(f32::NEG_INFINITY);
        let mut lanes = [0f32; 16];
        for chunk in scores.as_chunks_mut::<16>().0 {
            for l in 0..16 {
                chunk[l] = exp(chunk[l] - largest);
                lanes[l] += chunk[l];
            }
        }
        *inverse = 1.0 / fold(lanes);
    }
    let mut c = 0;
    while c < width {
        let values = &qkv[2 * d + at + c..];
        if width - c >= 16 {
            let sums = small_product::<R>(scores, padded, values, 3 * d, t);
            for (r, sums) in sums.iter().enumerate() {
                let out: &mut [f32; 16] =
                    out[(i + r) * d + at + c..].first_chunk_mut().expect("a whole head");
                for l in 0..16 {
                    out[l] = sums[l] * inverse[r];
                }
            }
            c += 16;
        } else {
            for r in 0..R {
                let mut sum = 0f32;
                for j in 0..t {
                    sum = scores[r * padded + j].mul_add(values[j * 3 * d], sum);
                }
                out[(i + r) * d + at + c] = sum * inverse[r];
            }
            c += 1;
        }
    }
}

/// R rows of `a` times 16 columns of `b`, over k; rows lie `a_stride` and `b_stride` apart.
#[inline(always)]
fn small_product<const R: usize>(
    a: &[f32],
    a_stride: usize,
    b: &[f32],
    b_stride: usize,
    k: usize,
) -> [[f32; 16]; R] {
    let mut sums = [[0f32; 16]; R];
    for i in 0..k {
        let b: &[f32; 16] = b[i * b_stride..].first_chunk().expect("16 columns");
        for (r, sums) in sums.iter_mut().enumerate() {
            let a = a[r * a_stride + i];
            for l in 0..16 {
                sums[l] = a.mul_add(b[l], sums[l]);
            }
        }
    }
    sums
}

dispatched! {
    /// `out[i][j] = a[i] . b[j]` for m rows of `a` and n rows of `b`, k values each.
    pub(crate) fn dot_all(a: &[f32], b: &[f32], k: usize, out: &mut [f32]) {
        let n = b.len() / k;
        for (a, out) in a.chunks_exact(k).zip(out.chunks_exact_mut(n)) {
            for (b, out) in b.chunks_exact(k).zip(out) {
                *out = dot(a, b);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: &mut u64) -> f32 {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((*seed >> 33) as f32 / (1u64 << 31) as f32) * 2.0 - 1.0
    }

    #[test]
    fn integer_products_are_exact_even_with_extreme_weights() {
        for (rows, n, k) in [(1, 1, 8), (3, 17, 24), (7, 40, 20), (9, 16, 384)] {
            let mut seed = 7;
            let weights: Vec<i8> = (0..n * k)
                .map(|i| {
                    if i % 5 == 0 {
                        (noise(&mut seed) * 63.0) as i8
                    } else if i % 2 == 0 {
                        63
                    } else {
                        -63
                    }
                })
                .collect();
            let packed = Packed::new(&weights, &vec![1.0; n], &vec![0.0; n], k);
            assert_eq!((packed.n(), packed.k()), (n, k));
            let mut x = Quantised::default();
            let values: Vec<f32> = (0..rows * k).map(|_| noise(&mut seed)).collect();
            x.fill(&values, k);
            x.offset.fill(0.0);
            x.scale.fill(1.0);
            // The largest activations, where 16 bits would overflow.
            x.bytes.iter_mut().step_by(3).for_each(|b| *b = LEVELS);
            let mut out = Vec::new();
            matmul(&x, &packed, &mut out);
            for r in 0..rows {
                for c in 0..n {
                    let exact: i32 = (0..k)
                        .map(|i| i32::from(x.bytes[r * x.k_padded + i]) * i32::from(weights[c * k + i]))
                        .sum();
                    assert_eq!(out[r * n + c], exact as f32, "row {r}, column {c}");
                }
            }
        }
    }

    #[test]
    fn plain_and_fast_tiles_agree() {
        let (k, mut seed) = (64, 3);
        let weights: Vec<i8> = (0..16 * k).map(|_| (noise(&mut seed) * 63.0) as i8).collect();
        let packed = Packed::new(&weights, &[1.0; 16], &[0.0; 16], k);
        let a: Vec<u8> = (0..4 * k).map(|i| (i * 37 % 128) as u8).collect();
        let mut plain = [[0; PANEL]; 4];
        tile_plain::<4>(&a, &packed.data, k, &mut plain);
        #[cfg(target_arch = "x86_64")]
        if has_avx2() {
            let mut fast = [[0; PANEL]; 4];
            // SAFETY: AVX2 is there and the sizes agree.
            unsafe { avx2::tile::<4>(&a, &packed.data, k, &mut fast) };
            assert_eq!(plain, fast);
        }
    }

    #[test]
    fn exp_and_erf_are_close() {
        for i in -800..=800 {
            let x = i as f32 / 100.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-6, "exp({x})");
            // Simpson's rule for the integral that defines erf.
            let (n, h) = (2000, f64::from(x) / 2000.0);
            let f = |t: f64| (-t * t).exp();
            let mut sum = f(0.0) + f(f64::from(x));
            for j in 1..n {
                sum += f(h * f64::from(j)) * if j % 2 == 0 { 2.0 } else { 4.0 };
            }
            let exact = sum * h / 3.0 * 2.0 / std::f64::consts::PI.sqrt();
            assert!((f64::from(erf(x)) - exact).abs() < 1e-6, "erf({x}) = {} not {exact}", erf(x));
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-30);
    }
}
