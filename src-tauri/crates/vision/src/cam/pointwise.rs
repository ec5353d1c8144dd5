//! Derivatives of the functions that act value by value.

use tract_onnx::tract_core::ops::binary::TypedBinOp;
use tract_onnx::tract_core::ops::element_wise::ElementWiseOp;
use tract_onnx::tract_core::ops::math as m;
use tract_onnx::tract_core::ops::nn;

#[derive(Clone, Copy, Debug)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Max,
    Min,
    Pow,
}

/// An elementwise function, known by its derivative.
#[derive(Clone, Copy, Debug)]
pub enum Unary {
    Abs,
    Exp,
    Ln,
    Sqrt,
    Rsqrt,
    Recip,
    Square,
    PowConst(f32),
    Neg,
    Tanh,
    Erf,
    Sigmoid,
    HardSwish,
    Silu,
    LeakyRelu(f32),
    GeluExact,
    GeluTanh { cubic: bool },
}

/// Names a binary operator whose derivatives are known.
pub fn binary(op: &TypedBinOp) -> Option<Binary> {
    let mini = &op.0;
    Some(if mini.is::<m::Add>() {
        Binary::Add
    } else if mini.is::<m::Sub>() {
        Binary::Sub
    } else if mini.is::<m::Mul>() {
        Binary::Mul
    } else if mini.is::<m::Div>() {
        Binary::Div
    } else if mini.is::<m::Max>() {
        Binary::Max
    } else if mini.is::<m::Min>() {
        Binary::Min
    } else if mini.is::<m::Pow>() {
        Binary::Pow
    } else {
        return None;
    })
}

/// Names an elementwise function whose derivative is known.
pub fn unary(op: &ElementWiseOp) -> Option<Unary> {
    let mini = &op.0;
    if let Some(op) = mini.downcast_ref::<m::PowConst>() {
        return Some(Unary::PowConst(op.exponent));
    }
    if let Some(op) = mini.downcast_ref::<nn::LeakyRelu>() {
        return Some(Unary::LeakyRelu(op.alpha));
    }
    if let Some(op) = mini.downcast_ref::<nn::GeluApproximate>() {
        return Some(Unary::GeluTanh { cubic: !op.fast_impl });
    }
    Some(if mini.is::<m::Abs>() {
        Unary::Abs
    } else if mini.is::<m::Exp>() {
        Unary::Exp
    } else if mini.is::<m::Ln>() {
        Unary::Ln
    } else if mini.is::<m::Sqrt>() {
        Unary::Sqrt
    } else if mini.is::<m::Rsqrt>() {
        Unary::Rsqrt
    } else if mini.is::<m::Recip>() {
        Unary::Recip
    } else if mini.is::<m::Square>() {
        Unary::Square
    } else if mini.is::<m::Neg>() {
        Unary::Neg
    } else if mini.is::<m::Tanh>() {
        Unary::Tanh
    } else if mini.is::<m::Erf>() {
        Unary::Erf
    } else if mini.is::<nn::Sigmoid>() {
        Unary::Sigmoid
    } else if mini.is::<nn::HardSwish>() {
        Unary::HardSwish
    } else if mini.is::<nn::Silu>() {
        Unary::Silu
    } else if mini.is::<nn::GeluExact>() {
        Unary::GeluExact
    } else {
        return None;
    })
}

impl Binary {
    /// Derivative by the first (`position` 0) or second operand. Of two equal operands of a maximum
    /// the first counts, so that a clamp at its limit stops the gradient as autograd's ReLU does.
    pub fn derivative(self, a: f32, b: f32, position: usize) -> f32 {
        let first = position == 0;
        match self {
            Self::Add => 1.0,
            Self::Sub if first => 1.0,
            Self::Sub => -1.0,
            Self::Mul if first => b,
            Self::Mul => a,
            Self::Div if first => 1.0 / b,
            Self::Div => -a / (b * b),
            Self::Max => f32::from(u8::from(if first { a > b } else { b > a })),
            Self::Min => f32::from(u8::from(if first { a < b } else { b < a })),
            Self::Pow if first => b * a.powf(b - 1.0),
            Self::Pow => a.powf(b) * a.ln(),
        }
    }
}

impl Unary {
    /// Derivative at `x`, where the function has the value `y`.
    pub fn derivative(self, x: f32, y: f32) -> f32 {
        match self {
            Self::Abs => x.signum(),
            Self::Exp => y,
            Self::Ln => 1.0 / x,
            Self::Sqrt => 0.5 / y,
            Self::Rsqrt => -0.5 * y / x,
            Self::Recip => -y * y,
            Self::Square => 2.0 * x,
            Self::PowConst(exponent) => exponent * x.powf(exponent - 1.0),
            Self::Neg => -1.0,
            Self::Tanh => 1.0 - y * y,
            Self::Erf => std::f32::consts::FRAC_2_SQRT_PI * (-x * x).exp(),
            Self::Sigmoid => y * (1.0 - y),
            Self::HardSwish if x <= -3.0 => 0.0,
            Self::HardSwish if x >= 3.0 => 1.0,
            Self::HardSwish => x / 3.0 + 0.5,
            Self::Silu => {
                let s = 1.0 / (1.0 + (-x).exp());
                s * (1.0 + x * (1.0 - s))
            }
            Self::LeakyRelu(alpha) => {
                if x > 0.0 {
                    1.0
                } else {
                    alpha
                }
            }
            Self::GeluExact => {
                let density = (-0.5 * x * x).exp() / (2.0 * std::f32::consts::PI).sqrt();
                let mass = if x.abs() > 1e-3 { y / x } else { 0.5 + x * 0.398_942_3 };
                mass + x * density
            }
            Self::GeluTanh { cubic } => {
                let c = (2.0 / std::f32::consts::PI).sqrt();
                let (power, slope) = if cubic { (x * x * x, 3.0 * x * x) } else { (x * x, 2.0 * x) };
                let t = (c * (x + 0.044_715 * power)).tanh();
                0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * c * (1.0 + 0.044_715 * slope)
            }
        }
    }
}
