//! Packs the faces: they are half as large in the program, and inflating one takes some milliseconds once.

use std::error::Error;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::ZlibEncoder;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=fonts");
    let out = std::env::var("OUT_DIR")?;
    for entry in std::fs::read_dir("fonts")? {
        let path = entry?.path();
        if let (Some(name), Some("ttf")) = (path.file_stem(), path.extension().and_then(|kind| kind.to_str()))
        {
            let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
            packed.write_all(&std::fs::read(&path)?)?;
            std::fs::write(Path::new(&out).join(name).with_extension("zlib"), packed.finish()?)?;
        }
    }
    Ok(())
}
