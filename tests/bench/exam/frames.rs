//! How smoothly the real window zooms into a photograph of 24 megapixels, painted by the processor alone.

use std::time::Duration;

use fantoccini::{Client, Locator};
use serde_json::json;
use support::{EMAIL, PASSWORD, World, open_window, painted};

use crate::figure::{Figure, Target};

const SIDES: (u32, u32) = (6000, 4000);
const PATIENCE: Duration = Duration::from_secs(30);
/// In and out for four seconds, a step of the wheel a frame; gives the time of every frame in milliseconds.
const ZOOM: &str = "
    const done = arguments[0];
    const stage = document.querySelector('[data-testid=stage]');
    const { left, top, width, height } = stage.getBoundingClientRect();
    const times = [];
    let begun, last;
    const frame = (now) => {
      if (begun === undefined) begun = now;
      else times.push(now - last);
      last = now;
      if (now - begun > 4000) return done(times);
      const inwards = Math.floor((now - begun) / 1000) % 2 === 0;
      stage.dispatchEvent(new WheelEvent('wheel', {
        deltaY: inwards ? -25 : 25, clientX: left + width / 2, clientY: top + height / 2,
        bubbles: true, cancelable: true,
      }));
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);";

pub fn figures() -> Vec<Figure> {
    if std::env::var_os("DISPLAY").is_none() {
        eprintln!("skipped: frames are counted where there is a display");
        return vec![];
    }
    let world = World::founded();
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    world.imports(lesion, &painted(SIDES.0, SIDES.1).to_jpeg(90)).expect("a good photograph");
    let World { folder, workstation, session, .. } = world;
    drop((session, workstation));
    let clinic = folder.path().join("clinic");
    // Beside this program, and so built with the same profile.
    let this = std::env::current_exe().expect("a running program has a file");
    let program = this.with_file_name("lentigo");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let times = runtime.block_on(async {
        let (_driver, page) = open_window(&program, &clinic, folder.path()).await;
        to_the_photograph(&page).await;
        let times = page.execute_async(ZOOM, vec![]).await.expect("the page zooms");
        page.close().await.expect("the window closes");
        serde_json::from_value::<Vec<f64>>(times).expect("milliseconds")
    });
    let mut sorted = times.clone();
    sorted.sort_by(f64::total_cmp);
    let slow = sorted[(sorted.len() - 1) * 95 / 100];
    let a_second = 1000.0 * times.len() as f64 / times.iter().sum::<f64>();
    let figure = |name, value, unit, target| Figure { name, value, unit, peer: None, target };
    vec![
        figure("exam_zoom_frames_24mp", a_second, "1/s", Some(Target::AtLeast(30.0))),
        figure("exam_zoom_frame_24mp_p95", slow, "ms", None),
    ]
}

async fn to_the_photograph(page: &Client) {
    for (field, text) in [("#sign-in-email", EMAIL), ("#sign-in-password", PASSWORD)] {
        let field = page.wait().at_most(PATIENCE).for_element(Locator::Css(field)).await.expect("a field");
        field.clear().await.expect("an empty field");
        field.send_keys(text).await.expect("a filled field");
    }
    for button in ["sign-in", "nav-patients", "patient-row", "map-entry", "map-open"] {
        let css = format!("[data-testid={button}]");
        let element = page.wait().at_most(PATIENCE).for_element(Locator::Css(&css)).await;
        if element.unwrap_or_else(|_| panic!("no {button}")).click().await.is_err() {
            // Below the edge of the window, or still moving.
            let script = format!("document.querySelector('{css}').scrollIntoView({{ block: 'center' }})");
            page.execute(&script, vec![]).await.expect("a page that scrolls");
            tokio::time::sleep(Duration::from_millis(300)).await;
            let element = page.find(Locator::Css(&css)).await;
            element.unwrap_or_else(|_| panic!("no {button}")).click().await.expect("a click");
        }
    }
    let settled = "const image = document.querySelector('[data-testid=photograph]');
                   return Boolean(image?.complete && image.naturalWidth > 0);";
    for _ in 0..100 {
        if page.execute(settled, vec![]).await.is_ok_and(|is| is == json!(true)) {
            // The first tiles may still come.
            tokio::time::sleep(Duration::from_secs(1)).await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the photograph never came");
}
