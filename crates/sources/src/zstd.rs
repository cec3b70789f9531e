//! Zstandard files, frame after frame.

use crate::packed::{BOMB_FROM, BOMB_RATIO};
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, BufRead, BufReader, Read};

/// Largest window that a frame may ask for, and so the memory that it costs: what `zstd --long` asks for.
const MAX_WINDOW: u64 = 128 << 20;

/// Reads all frames of a file as one stream.
pub(crate) struct Frames<R: Read> {
    input: Counted<R>,
    decoder: FrameDecoder,
    within: bool,
    made: u64,
}

/// Counts the bytes that were read.
struct Counted<R> {
    inner: BufReader<R>,
    used: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(out)?;
        self.used += n as u64;
        Ok(n)
    }
}

impl<R: Read> Frames<R> {
    pub fn new(input: R) -> Frames<R> {
        let inner = BufReader::with_capacity(128 << 10, input);
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Frames { input: Counted { inner, used: 0 }, decoder, within: false, made: 0 }
    }

    /// Begins the next frame, or steps over one that is to be skipped; `false` at the end of the file.
    fn begin(&mut self) -> io::Result<bool> {
        if self.input.inner.fill_buf()?.is_empty() {
            return Ok(false);
        }
        match self.decoder.reset(&mut self.input) {
            Ok(()) => self.within = true,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length, ..
            })) => {
                io::copy(&mut (&mut self.input).take(u64::from(length)), &mut io::sink())?;
            }
            Err(e) => return Err(io::Error::other(format!("damaged Zstandard frame: {e}"))),
        }
        Ok(true)
    }
}

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.within {
                if !self.begin()? {
                    return Ok(0);
                }
            } else if self.decoder.can_collect() > 0 {
                let n = self.decoder.read(out)?;
                self.made += n as u64;
                if self.made > BOMB_FROM && self.made > BOMB_RATIO * self.input.used {
                    let (used, made) = (self.input.used, self.made);
                    let what = format!("{used} bytes unpack to more than {made}: no text does");
                    return Err(io::Error::other(what));
                }
                return Ok(n);
            } else if self.decoder.is_finished() {
                self.within = false;
            } else {
                self.decoder
                    .decode_blocks(&mut self.input, BlockDecodingStrategy::UptoBlocks(1))
                    .map_err(|e| io::Error::other(format!("damaged Zstandard frame: {e}")))?;
            }
        }
    }
}
