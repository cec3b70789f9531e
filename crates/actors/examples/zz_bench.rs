use std::io::BufRead;
fn main() {
    for file in std::env::args().skip(1) {
        let mut rows = Vec::new();
        for line in std::io::BufReader::new(std::fs::File::open(&file).unwrap()).lines() {
            let line = line.unwrap();
            let mut p = line.split('\t');
            let (a, b, m) =
                (p.next().unwrap().to_owned(), p.next().unwrap().to_owned(), p.next().unwrap() == "1");
            let s = polybius_actors::match_names(&a, &b).score;
            rows.push((s, m, a, b));
        }
        for t in 50..80 {
            let t = t as f32 / 100.0 + 0.0;
            if ((t * 100.0) as i32) % 2 == 1 && (t - 0.62).abs() > 0.05 {
                continue;
            }
            let tp = rows.iter().filter(|r| r.0 >= t && r.1).count() as f32;
            let p = rows.iter().filter(|r| r.0 >= t).count() as f32;
            let y = rows.iter().filter(|r| r.1).count() as f32;
            println!("{file} t={t:.2} F1 {:.4} P {:.3} R {:.3}", 2.0 * tp / (p + y), tp / p, tp / y);
        }
        if std::env::var("V").is_ok() {
            for r in rows.iter().filter(|r| (r.0 >= 0.62) != r.1) {
                println!("  {:.2} {} | {} | {}", r.0, r.1, r.2, r.3);
            }
        }
    }
    for (a, b) in [
        ("Kadhimi", "Khamenei"),
        ("Rouhani", "Rohani"),
        ("Kadimi", "Al-Kazemi"),
        ("Hamenei", "Khamenei"),
        ("Mustafa al-Kadhimi", "Mustafa Al-Kazemi"),
        ("Kadhimi", "الكاظمي"),
        ("Abdul Latif Rashid", "Abdul-Latif al-Musawi"),
        ("Yemane Gebremeskel", "Yemane Gebreab"),
        ("Yemane Gebremeskel", "Yamani Jabr Meskel"),
        ("Isaias Afwerki", "Asyas Afwerki"),
        ("Abiy Ahmed", "Abi Ahmed"),
        ("Fitsum Arega", "Fatsum Arija"),
        ("Guterres", "Guterich"),
        ("Bah N'Daw", "Bah N’Daou"),
        ("Baba Cissé", "Boubou Cisse"),
        ("Mohammad Bagher Ghalibaf", "Mohammad Baqer Qalibaf"),
        ("Zelensky", "Зеленський"),
        ("Volodymyr Zelenskyy", "Vladimir Zelensky"),
        ("Raeisi", "Raisi"),
        ("Rouhani", "Raisi"),
        ("Sadio Camara", "Modibo Koné"),
        ("Eshaq Jahangiri", "Ishaq Jahangiri"),
        ("Mohammed bin Zayed Al Nahyan", "Muhammad bin Zayed"),
        ("Ali Khamenei", "خامنئي"),
        ("Kim Jong-un", "Kim Jong Un"),
        ("George W. Bush", "George H. W. Bush"),
    ] {
        let m = polybius_actors::match_names(a, b);
        println!("{:.2} {} | {a} | {b} {:?}", m.score, m.same, m.reasons);
    }
}
