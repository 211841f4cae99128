//! Affine transformations as PDF writes them: six numbers, points as row vectors.

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First `self`, then `next`.
    pub(super) fn then(self, next: Self) -> Self {
        let ([a, b, c, d, e, f], [p, q, r, s, t, u]) = (self.0, next.0);
        Self([
            a * p + b * r,
            a * q + b * s,
            c * p + d * r,
            c * q + d * s,
            e * p + f * r + t,
            e * q + f * s + u,
        ])
    }

    pub(super) fn apply(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// Length of a unit step across (x) and up (y) after the transformation.
    pub(super) fn scale(self) -> (f64, f64) {
        let [a, b, c, d, _, _] = self.0;
        (a.hypot(b), c.hypot(d))
    }

    pub(super) fn is_finite(self) -> bool {
        self.0.iter().all(|n| n.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::Matrix;

    #[test]
    fn order_matters() {
        let scale = Matrix([2.0, 0.0, 0.0, 2.0, 0.0, 0.0]);
        let shift = Matrix([1.0, 0.0, 0.0, 1.0, 10.0, 0.0]);
        assert_eq!(scale.then(shift).apply(1.0, 1.0), (12.0, 2.0));
        assert_eq!(shift.then(scale).apply(1.0, 1.0), (22.0, 2.0));
    }
}
