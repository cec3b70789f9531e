//! The model file: safetensors, memory-mapped (training/FORMAT.md, "Tensors").

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use serde_json::Value;

/// Why a model file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The file cannot be opened or mapped.
    #[error("cannot read model `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not a reader model: damaged, of another format, or with a tensor missing or misshapen.
    #[error("model `{}`: {problem}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
}

/// A problem with the content of the file; the path is added at the edge.
pub(crate) type Problem = String;

#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    I8,
    F32,
}

struct Tensor {
    kind: Kind,
    shape: Vec<usize>,
    start: usize,
    end: usize,
}

/// A mapped safetensors file.
pub(crate) struct Weights {
    map: Mmap,
    tensors: HashMap<String, Tensor>,
    metadata: HashMap<String, String>,
}

impl Weights {
    pub(crate) fn open(path: &Path) -> Result<Weights, ModelError> {
        let read = |source| ModelError::Read { path: path.to_owned(), source };
        let file = File::open(path).map_err(read)?;
        let map = crate::kernels::map_file(&file).map_err(read)?;
        Weights::parse(map).map_err(|problem| ModelError::Format { path: path.to_owned(), problem })
    }

    fn parse(map: Mmap) -> Result<Weights, Problem> {
        let (length, rest) = map.split_first_chunk::<8>().ok_or("shorter than its header")?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| "header too long")?;
        let header = rest.get(..length).ok_or("shorter than its header")?;
        let data_start = 8 + length;
        let header: serde_json::Map<String, Value> =
            serde_json::from_slice(header).map_err(|e| format!("the header is not JSON: {e}"))?;
        let mut tensors = HashMap::new();
        let mut metadata = HashMap::new();
        for (name, value) in header {
            if name == "__metadata__" {
                for (key, value) in value.as_object().into_iter().flatten() {
                    metadata.insert(key.clone(), value.as_str().unwrap_or_default().to_owned());
                }
                continue;
            }
            let tensor = read_entry(&value, data_start, map.len())
                .ok_or_else(|| format!("bad header entry of tensor `{name}`"))?;
            tensors.insert(name, tensor);
        }
        Ok(Weights { map, tensors, metadata })
    }

    pub(crate) fn metadata(&self, key: &str) -> Result<&str, Problem> {
        self.metadata.get(key).map(String::as_str).ok_or_else(|| format!("metadata `{key}` is missing"))
    }

    fn tensor(&self, name: &str, kind: Kind, shape: &[usize]) -> Result<&[u8], Problem> {
        let tensor = self.tensors.get(name).ok_or_else(|| format!("tensor `{name}` is missing"))?;
        if tensor.kind != kind || tensor.shape != shape {
            return Err(format!(
                "tensor `{name}` is {:?} {:?}, expected {kind:?} {shape:?}",
                tensor.kind, tensor.shape
            ));
        }
        Ok(&self.map[tensor.start..tensor.end])
    }

    pub(crate) fn shape(&self, name: &str) -> Result<&[usize], Problem> {
        self.tensors.get(name).map(|t| &t.shape[..]).ok_or_else(|| format!("tensor `{name}` is missing"))
    }

    pub(crate) fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Problem> {
        let bytes = self.tensor(name, Kind::F32, shape)?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
    }

    /// The values of a tensor whose rows may be stored in i8, each with its scale.
    pub(crate) fn rows(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Problem> {
        if self.tensors.get(name).is_none_or(|t| t.kind != Kind::I8) {
            return self.f32(name, shape);
        }
        let values = self.i8(name, shape)?;
        let width = shape.last().copied().unwrap_or(1).max(1);
        let scale = self.f32(&format!("{name}.scale"), &[values.len() / width])?;
        Ok(values
            .chunks_exact(width)
            .zip(&scale)
            .flat_map(|(row, s)| row.iter().map(move |&v| f32::from(v) * s))
            .collect())
    }

    pub(crate) fn i8(&self, name: &str, shape: &[usize]) -> Result<Vec<i8>, Problem> {
        let values: Vec<i8> = self.tensor(name, Kind::I8, shape)?.iter().map(|b| b.cast_signed()).collect();
        match values.iter().find(|v| !(-63..=63).contains(*v)) {
            Some(v) => Err(format!("tensor `{name}` holds {v}, outside -63..=63")),
            None => Ok(values),
        }
    }

    /// Where the bytes of an i8 tensor lie, to be read row by row without a copy.
    pub(crate) fn i8_range(&self, name: &str, shape: &[usize]) -> Result<std::ops::Range<usize>, Problem> {
        self.tensor(name, Kind::I8, shape)?;
        let tensor = &self.tensors[name];
        Ok(tensor.start..tensor.end)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// A 128-bit hash of the whole file in 32 hex digits: tells models apart, not made to resist forgers.
    pub(crate) fn hash(&self) -> String {
        let mut lanes =
            [0x9e37_79b9_7f4a_7c15u64, 0xc2b2_ae3d_27d4_eb4f, 0x1656_67b1_9e37_79f9, 0x27d4_eb2f_1656_67c5];
        let (blocks, rest) = self.map.as_chunks::<32>();
        let mut last = [0u8; 32];
        last[..rest.len()].copy_from_slice(rest);
        for block in blocks.iter().chain(std::iter::once(&last)) {
            for (lane, word) in lanes.iter_mut().zip(block.as_chunks::<8>().0) {
                *lane =
                    (*lane ^ u64::from_le_bytes(*word)).wrapping_mul(0x9fb2_1c65_1e98_df25).rotate_left(29);
            }
        }
        let mut state = [self.map.len() as u64, 0x85eb_ca77_c2b2_ae63];
        for round in 0..3 {
            for lane in lanes {
                for s in &mut state {
                    *s = (*s ^ lane.rotate_left(round * 17)).wrapping_mul(0xff51_afd7_ed55_8ccd);
                    *s ^= *s >> 32;
                }
                state.swap(0, 1);
            }
        }
        format!("{:016x}{:016x}", state[0], state[1])
    }
}

fn read_entry(value: &Value, data_start: usize, file_len: usize) -> Option<Tensor> {
    let kind = match value.get("dtype")?.as_str()? {
        "I8" => Kind::I8,
        "F32" => Kind::F32,
        _ => return None,
    };
    let numbers = |key: &str| -> Option<Vec<usize>> {
        value.get(key)?.as_array()?.iter().map(|n| usize::try_from(n.as_u64()?).ok()).collect()
    };
    let shape = numbers("shape")?;
    let [start, end] = numbers("data_offsets")?[..] else { return None };
    let width = if kind == Kind::I8 { 1 } else { 4 };
    let len = shape.iter().try_fold(width, |product: usize, n| product.checked_mul(*n))?;
    let (start, end) = (data_start.checked_add(start)?, data_start.checked_add(end)?);
    (end <= file_len && end.checked_sub(start)? == len).then_some(Tensor { kind, shape, start, end })
}
