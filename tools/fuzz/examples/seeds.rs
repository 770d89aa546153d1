//! Writes the samples of the repository as the first inputs of every target, with their words as a dictionary:
//! `cargo +nightly run --example seeds [FILE|DIR]...` in this folder; files that are named are samples as well.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io;
use std::path::Path;

use portcullis_fuzz::bundle::MARK;
use portcullis_fuzz::samples::{files, samples, words};

fn main() -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts: Vec<(String, String)> = samples().iter().map(|sample| (sample.name.clone(), sample.text.clone())).collect();
    for path in
        std::env::args().skip(1).flat_map(|path| if Path::new(&path).is_dir() { files(Path::new(&path)) } else { vec![path.into()] })
    {
        if let Ok(text) = fs::read_to_string(&path) {
            texts.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text));
        }
    }
    texts.retain(|(_, text)| text.len() < 40_000);
    let named = |(name, text): &(String, String)| format!("{MARK}{name}\n{text}\n");
    for ((name, text), nth) in texts.iter().zip(0_usize..) {
        let next = &texts[(nth + 1) % texts.len()];
        let pair = named(&(name.clone(), text.clone())) + &named(next);
        let planted = text.replace("203.0.113.0/24", "54.93.12.0/24");
        for (target, text) in [
            ("review", text.clone()),
            ("json", text.clone()),
            ("yaml", text.clone()),
            ("hcl", text.clone()),
            ("documents", pair),
            ("compare", format!("{text}\n{MARK}after\n{text}")),
            ("compare", format!("{text}\n{MARK}after\n{}", next.1)),
            ("ask", format!("{text}\n{MARK}? internet -> web tcp/22,80-443\n{MARK}? 10.0.0.1 -> db any\n")),
            ("pseudonym", format!("{MARK}{name}\n{planted}")),
            ("training", text.clone()),
        ] {
            write(&here.join("corpus").join(target), text.as_bytes())?;
        }
    }
    for dice in 0_u8..40 {
        let bytes: Vec<u8> = (0..200_u32).map(|nth| (nth.wrapping_mul(2_654_435_761 + u32::from(dice) * 40_503) >> 13) as u8).collect();
        write(&here.join("corpus/hcl"), &[&[0], bytes.as_slice()].concat())?;
    }
    let words: String = words().iter().map(|word| format!("\"{word}\"\n")).collect();
    fs::write(here.join("corpus/words.dict"), words)
}

fn write(folder: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    fs::create_dir_all(folder)?;
    fs::write(folder.join(format!("seed-{:016x}", hasher.finish())), bytes)
}
