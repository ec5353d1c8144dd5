//! Marks to bytes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lopdf::{Dictionary, Object};
use printpdf::{
    Color, DictItem, ExternalStream, ExternalXObject, FontId, Line, LinePoint, OffsetDateTime, Op, PaintMode,
    PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfParseErrorSeverity, PdfSaveOptions, Point, Polygon,
    PolygonRing, Pt, Rect, Rgb, TextItem, WindingOrder, XObject, XObjectId, XObjectTransform,
};
use sha2::{Digest, Sha256};

use crate::error::DocumentError;
use crate::fonts::{Face, Fonts};
use crate::ink::{Ink, Mark, Style};
use crate::layout::Fragment;
use crate::paper::Paper;
use crate::picture::Jpeg;
use crate::seal;
use crate::subset::subset;

/// What the file says of itself.
pub struct About<'a> {
    pub title: &'a str,
    pub author: &'a str,
    pub created_at: Timestamp,
    /// Whether there is a place for a seal.
    pub sealed: bool,
}

/// Writes the pages, each with marks measured from the upper left corner of the sheet.
///
/// # Errors
/// [`DocumentError::Font`] or [`DocumentError::Write`].
pub fn write(
    fonts: &Fonts,
    paper: Paper,
    pages: &[Fragment],
    pictures: Vec<Jpeg>,
    about: &About<'_>,
) -> Result<Vec<u8>, DocumentError> {
    let mut document = PdfDocument::new(about.title);
    let created = OffsetDateTime::from_unix_timestamp(about.created_at.as_second())
        .map_err(|_| DocumentError::Write)?;
    let info = &mut document.metadata.info;
    info.author = about.author.to_owned();
    info.creator = "Lentigo".to_owned();
    info.producer = "Lentigo".to_owned();
    info.creation_date = created;
    info.modification_date = created;
    info.metadata_date = created;

    for (face, characters) in characters_in_use(fonts, pages) {
        let font = PdfFont::new(subset(fonts, face, &characters)?);
        document.resources.fonts.map.insert(font_id(face), font);
    }
    for (number, picture) in pictures.into_iter().enumerate() {
        let picture = XObject::External(embedded(picture));
        document.resources.xobjects.map.insert(picture_id(number), picture);
    }
    let (width, height) = paper.size();
    document.pages = pages
        .iter()
        .map(|page| {
            let ops = page.marks.iter().flat_map(|mark| operations(fonts, mark, height)).collect();
            PdfPage::new(Pt(width).into(), Pt(height).into(), ops)
        })
        .collect();

    let mut warnings = Vec::new();
    let mut file = document.to_lopdf_document(&PdfSaveOptions::default(), &mut warnings);
    if warnings.iter().any(|warning| warning.severity == PdfParseErrorSeverity::Error) {
        return Err(DocumentError::Write);
    }
    finish(&mut file, about.sealed).map_err(|_| DocumentError::Write)
}

/// Makes the file a function of its content: the random identifier becomes a digest.
fn finish(file: &mut lopdf::Document, sealed: bool) -> Result<Vec<u8>, lopdf::Error> {
    "1.7".clone_into(&mut file.version);
    let catalog = file.catalog_mut()?;
    catalog.set("Lang", Object::string_literal("en"));
    let mut preferences = Dictionary::new();
    preferences.set("DisplayDocTitle", true);
    catalog.set("ViewerPreferences", preferences);
    let info = file.trailer.get(b"Info")?.as_reference()?;
    // The library names a print standard here even where the file claims none.
    let info = file.get_dictionary_mut(info)?;
    info.remove(b"GTS_PDFXVersion");
    info.remove(b"Identifier");
    if sealed {
        info.set(seal::KEY, Object::String(seal::blank(), lopdf::StringFormat::Literal));
    }
    file.compress();
    set_identifier(file, &[0; 16]);
    let mut draft = Vec::new();
    file.save_to(&mut draft)?;
    set_identifier(file, &Sha256::digest(&draft)[..16]);
    let mut bytes = Vec::with_capacity(draft.len());
    file.save_to(&mut bytes)?;
    Ok(bytes)
}

fn set_identifier(file: &mut lopdf::Document, identifier: &[u8]) {
    let text = Object::String(identifier.to_vec(), lopdf::StringFormat::Hexadecimal);
    file.trailer.set("ID", Object::Array(vec![text.clone(), text]));
}

fn font_id(face: Face) -> FontId {
    FontId(face.postscript_name().to_owned())
}

fn picture_id(number: usize) -> XObjectId {
    XObjectId(format!("Picture{number}"))
}

fn characters_in_use(fonts: &Fonts, pages: &[Fragment]) -> BTreeMap<Face, BTreeSet<char>> {
    let mut used: BTreeMap<Face, BTreeSet<char>> = BTreeMap::new();
    for mark in pages.iter().flat_map(|page| &page.marks) {
        if let Mark::Text { style, text, .. } = mark {
            for character in text.chars() {
                let drawn = fonts.draw(style.face, character);
                used.entry(drawn.face).or_default().insert(drawn.character);
            }
        }
    }
    used
}

/// A JPEG goes into the file as it is (`DCTDecode`, ISO 32000-1, 7.4.8).
fn embedded(picture: Jpeg) -> ExternalXObject {
    let name = |text: &str| DictItem::Name(text.as_bytes().to_vec());
    let dict = [
        ("Type", name("XObject")),
        ("Subtype", name("Image")),
        ("Width", DictItem::Int(i64::from(picture.width))),
        ("Height", DictItem::Int(i64::from(picture.height))),
        ("ColorSpace", name("DeviceRGB")),
        ("BitsPerComponent", DictItem::Int(8)),
        ("Filter", name("DCTDecode")),
    ];
    let dict = dict.into_iter().map(|(key, item)| (key.to_owned(), item)).collect();
    let stream = ExternalStream { dict, content: picture.bytes, compress: false };
    ExternalXObject { stream, width: None, height: None, dpi: None }
}

/// Points from the lower edge, to the hundredth so that numbers stay short.
fn pt(value: f32) -> Pt {
    Pt((value * 100.0).round() / 100.0)
}

fn operations(fonts: &Fonts, mark: &Mark, page_height: f32) -> Vec<Op> {
    let point = |x: f32, y: f32| Point { x: pt(x), y: pt(page_height - y) };
    let corner = |x: f32, y: f32| LinePoint { p: point(x, y), bezier: false };
    match mark {
        Mark::Text { x, y, style, text } => show(fonts, point(*x, *y), *style, text),
        Mark::Fill { x, y, width, height, ink } => vec![
            Op::SetFillColor { col: colour(*ink) },
            Op::DrawRectangle {
                rectangle: Rect {
                    x: pt(*x),
                    y: pt(page_height - y - height),
                    width: pt(*width),
                    height: pt(*height),
                    mode: Some(PaintMode::Fill),
                    winding_order: None,
                },
            },
        ],
        Mark::Line { from, to, thickness, ink } => vec![
            Op::SetOutlineColor { col: colour(*ink) },
            Op::SetOutlineThickness { pt: Pt(*thickness) },
            Op::DrawLine {
                line: Line { points: vec![corner(from.0, from.1), corner(to.0, to.1)], is_closed: false },
            },
        ],
        Mark::Shape { points, fill, stroke } => {
            let mut ops = Vec::new();
            if let Some(ink) = fill {
                ops.push(Op::SetFillColor { col: colour(*ink) });
            }
            if let Some((thickness, ink)) = stroke {
                ops.push(Op::SetOutlineColor { col: colour(*ink) });
                ops.push(Op::SetOutlineThickness { pt: Pt(*thickness) });
            }
            let mode = match (fill, stroke) {
                (Some(_), Some(_)) => PaintMode::FillStroke,
                (Some(_), None) => PaintMode::Fill,
                (None, _) => PaintMode::Stroke,
            };
            let ring = PolygonRing { points: points.iter().map(|p| corner(p.0, p.1)).collect() };
            let polygon = Polygon { rings: vec![ring], mode, winding_order: WindingOrder::NonZero };
            ops.push(Op::DrawPolygon { polygon });
            ops
        }
        Mark::Glyphs { rings, ink } => {
            let ring = |ring: &Vec<(f32, f32)>| PolygonRing {
                points: ring.iter().map(|p| corner(p.0, p.1)).collect(),
            };
            let polygon = Polygon {
                rings: rings.iter().map(ring).collect(),
                mode: PaintMode::Fill,
                winding_order: WindingOrder::NonZero,
            };
            vec![Op::SetFillColor { col: colour(*ink) }, Op::DrawPolygon { polygon }]
        }
        Mark::Picture { x, y, width, height, picture } => vec![Op::UseXobject {
            id: picture_id(*picture),
            transform: XObjectTransform {
                translate_x: Some(pt(*x)),
                translate_y: Some(pt(page_height - y - height)),
                scale_x: Some(pt(*width).0),
                scale_y: Some(pt(*height).0),
                ..XObjectTransform::default()
            },
        }],
    }
}

/// One text object; the pen runs on where the face changes within it.
fn show(fonts: &Fonts, at: Point, style: Style, text: &str) -> Vec<Op> {
    let mut ops = vec![
        Op::StartTextSection,
        Op::SetFillColor { col: colour(style.ink) },
        Op::SetTextCursor { pos: at },
    ];
    let mut run: Option<(Face, String)> = None;
    for character in text.chars() {
        let drawn = fonts.draw(style.face, character);
        match &mut run {
            Some((face, shown)) if *face == drawn.face => shown.push(drawn.character),
            _ => {
                ops.extend(run.take().into_iter().flat_map(|run| run_ops(run, style.size)));
                run = Some((drawn.face, drawn.character.to_string()));
            }
        }
    }
    ops.extend(run.into_iter().flat_map(|run| run_ops(run, style.size)));
    ops.push(Op::EndTextSection);
    ops
}

fn run_ops((face, text): (Face, String), size: f32) -> [Op; 2] {
    [
        Op::SetFont { font: PdfFontHandle::External(font_id(face)), size: Pt(size) },
        Op::ShowText { items: vec![TextItem::Text(text)] },
    ]
}

fn colour(ink: Ink) -> Color {
    let [red, green, blue] = ink.rgb();
    Color::Rgb(Rgb::new(red, green, blue, None))
}
