//! The reader against a model: a small random one made here, and the shipped one where it is there.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use polybius_parse::{Reader, SentenceReading, split_sentences, tokenize};
use serde_json::{Value, json};

/// Writes a model of one layer with random weights.
fn random_model(path: &Path) {
    let (d, ff, layers) = (384, 1536, 2);
    let words =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "iran", "met", "the", ".", "##s", "minister", "a", "-", "al"];
    let labels = json!({
        "upos": ["NOUN", "VERB", "PUNCT"], "xpos": ["NN", "VB", "."], "lemma": ["l|0|", "l|1|", "!|be"],
        "ner": ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"], "rel": ["root", "nsubj", "obj", "punct"],
    });
    let mut seed = 11u64;
    let mut header = serde_json::Map::new();
    let mut data: Vec<u8> = Vec::new();
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    };
    let mut add = |name: String, shape: &[usize], kind: &str, scale: f32, shift: f32| {
        let start = data.len();
        for _ in 0..shape.iter().product::<usize>() {
            let value = random() * scale + shift;
            if kind == "I8" {
                data.push((value as i8).cast_unsigned());
            } else {
                data.extend(value.to_le_bytes());
            }
        }
        header.insert(name, json!({"dtype": kind, "shape": shape, "data_offsets": [start, data.len()]}));
    };
    let mut matrix = |name: &str, n: usize, k: usize| {
        let base = name.strip_suffix(".w").unwrap_or(name);
        add(name.to_owned(), &[n, k], "I8", 63.0, 0.0);
        add(format!("{base}.scale"), &[n], "F32", 0.0002, 0.001);
        if name != "emb.word" {
            add(format!("{base}.b"), &[n], "F32", 0.1, 0.0);
        }
    };
    matrix("emb.word", words.len(), d);
    for k in 0..layers {
        for part in ["q", "k", "v", "o"] {
            matrix(&format!("layer.{k}.{part}.w"), d, d);
        }
        matrix(&format!("layer.{k}.ff1.w"), ff, d);
        matrix(&format!("layer.{k}.ff2.w"), d, ff);
    }
    for (head, n) in [
        ("upos", 3),
        ("xpos", 3),
        ("lemma", 3),
        ("ner", 5),
        ("sent", d),
        ("arc.dep", 256),
        ("arc.head", 256),
        ("rel.dep", 128),
        ("rel.head", 128),
    ] {
        matrix(&format!("head.{head}.w"), n, d);
    }
    let mut norm = |name: String| {
        add(format!("{name}.w"), &[d], "F32", 0.1, 1.0);
        add(format!("{name}.b"), &[d], "F32", 0.1, 0.0);
    };
    norm("emb.ln".to_owned());
    for k in 0..layers {
        norm(format!("layer.{k}.ln1"));
        norm(format!("layer.{k}.ln2"));
    }
    for (name, shape) in [
        ("emb.position", &[256, d][..]),
        ("emb.case", &[6, d]),
        ("mix.w", &[layers + 1]),
        ("head.arc.u", &[256, 256]),
        ("head.arc.ub", &[256]),
        ("head.rel.v", &[4, 128, 128]),
        ("head.rel.p", &[4, 128]),
        ("head.rel.q", &[4, 128]),
        ("head.rel.b", &[4]),
    ] {
        add(name.to_owned(), shape, "F32", 0.1, 0.0);
    }
    add("mix.gamma".to_owned(), &[1], "F32", 0.0, 1.0);
    let info = json!({"format": 1, "layers": layers, "hidden": d, "heads": 12, "ff": ff, "profile": "test", "labels": labels});
    header
        .insert("__metadata__".to_owned(), json!({"polybius": info.to_string(), "vocab": words.join("\n")}));
    let header = Value::Object(header).to_string();
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(data);
    std::fs::write(path, file).expect("the test folder can be written");
}

fn with_reader(test: impl Fn(&Reader)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("random.safetensors");
    random_model(&path);
    test(&Reader::open(&path).expect("the random model opens"));
}

fn is_tree(reading: &SentenceReading) -> bool {
    let heads: Vec<usize> = reading.words.iter().map(|w| w.head as usize).collect();
    let reaches_root = |mut i: usize| {
        (0..=heads.len()).any(|_| {
            if i == 0 {
                true
            } else {
                i = heads[i - 1];
                false
            }
        })
    };
    heads.iter().filter(|&&h| h == 0).count() == 1 && (1..=heads.len()).all(reaches_root)
}

#[test]
fn a_reading_does_not_depend_on_its_company() {
    with_reader(|reader| {
        let sentences: Vec<Vec<&str>> = vec![
            vec!["Iran", "met", "the", "minister", "."],
            vec!["the"],
            vec![],
            vec!["a"; 700],
            vec!["Iran"; 90],
            vec!["al-Iran", "MET", "ministers", "—", "x"],
            vec!["met", "."],
        ];
        let together = reader.read(&sentences);
        for (words, reading) in sentences.iter().zip(&together) {
            assert_eq!(reader.read(std::slice::from_ref(words))[0], *reading, "{words:?} read alone");
            assert_eq!(words.len(), reading.words.len());
            assert!(words.is_empty() || is_tree(reading), "{} words", words.len());
            let length: f32 = reading.vector.iter().map(|v| v * v).sum();
            assert!((length - 1.0).abs() < 1e-4, "vector of length {length}");
        }
    });
}

#[test]
fn entity_tags_are_well_formed() {
    with_reader(|reader| {
        let words: Vec<&str> = "Iran met the minister . a al".split(' ').cycle().take(200).collect();
        let tags = &reader.labels().ner;
        let mut before = "O";
        for word in &reader.read(&[words])[0].words {
            let tag = &tags[usize::from(word.ner)];
            if let Some(kind) = tag.strip_prefix("I-") {
                assert_eq!(before.get(2..), Some(kind), "{tag} after {before}");
            }
            before = tag;
        }
    });
}

#[test]
fn damaged_files_are_refused_and_never_panic() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("model.safetensors");
    random_model(&path);
    let whole = std::fs::read(&path).expect("the model");
    for bytes in [
        &whole[..0],
        &whole[..7],
        &whole[..100],
        &whole[..whole.len() - 1],
        b"\xff\xff\xff\xff\xff\xff\xff\xffx",
    ] {
        std::fs::write(&path, bytes).expect("the test folder can be written");
        assert!(Reader::open(&path).is_err(), "{} bytes", bytes.len());
    }
    assert!(Reader::open(&folder.path().join("none")).is_err());
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The readings that the Python code made of the same file with full-precision activations. Ours have 8 bits, so
/// they may differ by what `bound` in the file says that rounding changes, and no more.
#[test]
fn readings_agree_with_python() {
    let model = root().join("data/model/fast.safetensors");
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity.json");
    let (true, Ok(expected)) = (model.exists(), std::fs::read_to_string(&expected)) else {
        eprintln!("skipped: no model or no tests/parity.json");
        return;
    };
    let reader = Reader::open(&model).expect("the shipped model opens");
    let expected: Value = serde_json::from_str(&expected).expect("parity.json is JSON");
    let sentences = expected["sentences"].as_array().expect("sentences");
    let words: Vec<Vec<&str>> = sentences.iter().map(|s| strings(&s["words"])).collect();
    let labels = reader.labels();
    let (mut n, mut different, mut farthest) = (0, [0; 6], 0f64);
    for (sentence, reading) in sentences.iter().zip(reader.read(&words)) {
        for (i, word) in reading.words.iter().enumerate() {
            n += 1;
            let ours = [
                ("upos", &labels.upos[usize::from(word.upos)]),
                ("xpos", &labels.xpos[usize::from(word.xpos)]),
                ("rel", &labels.rel[usize::from(word.rel)]),
                ("ner", &labels.ner[usize::from(word.ner)]),
                ("lemma", &word.lemma),
            ];
            for (count, (key, label)) in different.iter_mut().zip(ours) {
                *count += usize::from(sentence[key][i] != **label);
            }
            different[5] += usize::from(sentence["head"][i] != word.head);
        }
        for (theirs, ours) in sentence["sent"].as_array().expect("a vector").iter().zip(&reading.vector) {
            farthest = farthest.max((theirs.as_f64().expect("a number") - f64::from(*ours)).abs());
        }
    }
    eprintln!(
        "{n} words; different upos, xpos, rel, ner, lemma, head: {different:?}; vector within {farthest:.4}"
    );
    let bound = |key: &str| expected["bound"][key].as_f64().expect("a bound");
    let share = different.iter().sum::<usize>() as f64 / (different.len() * n) as f64;
    assert!(share <= bound("labels_differing"), "labels differ: {different:?} of {n} words");
    assert!(farthest <= bound("sent_max"), "a sentence vector is off by {farthest}");
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|v| v.as_str().expect("a string")).collect()
}

#[test]
fn any_text_can_be_read() {
    with_reader(|reader| {
        let mut text = String::new();
        for c in (0..0x3000u32).filter_map(char::from_u32) {
            write!(text, "{c}").expect("writing to a string cannot fail");
        }
        for sentence in split_sentences(&text) {
            let tokens = tokenize(&text[sentence]);
            let words: Vec<&str> = tokens.iter().map(|t| t.form.as_str()).collect();
            assert_eq!(reader.read(&[words])[0].words.len(), tokens.len());
        }
    });
}

#[test]
fn the_shipped_model_sees_an_act_and_its_parties() {
    let model = root().join("data/model/fast.safetensors");
    if !model.exists() {
        eprintln!("skipped: no model");
        return;
    }
    let reader = Reader::open(&model).expect("the shipped model opens");
    assert!(reader.reads_acts());
    let words = "Kenya accused Eritrea of arming rebels on Monday .".split(' ').collect();
    let quiet = "The soup is served with bread and a slice of lemon .".split(' ').collect();
    let readings = reader.read(&[words, quiet]);
    let act = readings[0].acts.iter().find(|a| a.word == 1).expect("an act at `accused`");
    assert_eq!(act.types[0].0, polybius_text::EventType::Accuse);
    let likely = |list: &[(u32, f32)]| list.iter().filter(|p| p.1 > 0.5).map(|p| p.0).collect::<Vec<u32>>();
    assert!(likely(&act.actors).contains(&0), "{:?}", act.actors);
    assert!(likely(&act.recipients).contains(&2), "{:?}", act.recipients);
    assert!(act.modality[0] > 0.5 && act.polarity[0] > 0.5);
    assert!(readings[1].acts.is_empty(), "{:?}", readings[1].acts);
}

#[test]
fn parts_of_one_name_are_one_entity() {
    let model = root().join("data/model/accurate.safetensors");
    if !model.exists() {
        eprintln!("skipped: no model");
        return;
    }
    let reader = Reader::open(&model).expect("the shipped model opens");
    let text = "On Sunday night Fitsum Arega wrote to the ministry.";
    let doc = polybius_parse::annotate(polybius_text::Article::from_sentence(text, None), &reader);
    let words = |e: &polybius_text::EntitySpan| {
        let (first, last) = (e.first_token as usize, e.end_token as usize - 1);
        doc.slice(doc.tokens[first].span.cover(doc.tokens[last].span))
    };
    let names: Vec<&str> = doc.entities.iter().map(words).collect();
    assert!(names.contains(&"Fitsum Arega"), "{names:?}");
}

#[test]
fn a_translation_that_keeps_the_verb_last_is_flagged() {
    let model = root().join("data/model/accurate.safetensors");
    if !model.exists() {
        eprintln!("skipped: no model");
        return;
    }
    let reader = Reader::open(&model).expect("the shipped model opens");
    let flags = |text: &str| {
        let doc = polybius_parse::annotate(polybius_text::Article::from_sentence(text, None), &reader);
        doc.article.flags.into_iter().map(|f| (f.kind, f.evidence.len())).collect::<Vec<_>>()
    };
    let translated = "The president yesterday to the capital came. There the ministers he received. Of the neighbours the \
         envoys in the evening to the palace went. The army at the border two roads closed. The parliament this decision \
         criticised. The opposition an inquiry wanted. The spokesman the reports denied. Two soldiers near the river wounded \
         were. The farmers their tractors to the bridge drove. The governor with them spoke. The union a strike announced. \
         The court the case postponed. The minister of justice this news confirmed.";
    assert_eq!(flags(translated), [(polybius_text::FlagKind::MachineTranslated, 5)]);
    let written = "The president came to the capital yesterday and received the ministers. Envoys of the neighbours went to the \
         palace in the evening. The army closed two roads at the border, and parliament criticised this decision. The \
         opposition wanted an inquiry. The spokesman denied the reports. Two soldiers were wounded near the river. The \
         farmers drove their tractors to the bridge, where the governor spoke with them. The union announced a strike. The \
         court postponed the case. The minister of justice confirmed this news.";
    assert_eq!(flags(written), []);
}
