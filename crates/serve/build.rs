//! The page is embedded: a changed asset is a changed program.

fn main() {
    println!("cargo:rerun-if-changed=assets");
}
