use std::path::Path;
#[test]
#[ignore]
fn oneoff() {
    let c = vision::Classifier::load(Path::new("/work/main/models")).unwrap();
    eprintln!("NOTE {} {:?}", c.network().note(), c.heatmap_state());
    let mut names: Vec<_> = std::fs::read_dir("/tmp/survey/mix").unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    for p in names {
        let photo = vision::decode(&std::fs::read(&p).unwrap(), &Default::default()).unwrap();
        let r = c.classify(&[&photo], vision::classifier::Explain::Leading, &mut |_| {}, &|| false).unwrap();
        let a = r.assessment;
        eprintln!("ROW {}", serde_json::json!({"file": p.file_name().unwrap().to_str().unwrap(), "p": a.probabilities.iter().map(|c| c.probability).collect::<Vec<_>>(),
            "score": a.novelty.unwrap().score, "cam": r.heatmaps[0][0].values, "class": r.heatmaps[0][0].class, "set": a.prediction_set.unwrap().codes, "t": [r.timings.classify_ms, r.timings.explain_ms]}));
    }
}
