use log::{LevelFilter, Log, Metadata, Record};

/// Writes what the cluster has to say to standard error, warnings and errors only.
struct Lines;

impl Log for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            eprintln!("{}: {}", record.level().as_str().to_lowercase(), record.args());
        }
    }

    fn flush(&self) {}
}

/// From now on warnings are shown; with `all`, also what goes well.
pub fn show(all: bool) {
    if log::set_logger(&Lines).is_ok() {
        log::set_max_level(if all { LevelFilter::Info } else { LevelFilter::Warn });
    }
}
