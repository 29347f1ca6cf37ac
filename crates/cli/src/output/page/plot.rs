//! The frame of a plot: plain SVG, coloured by the page's style.

pub const WIDTH: f64 = 360.0;
pub const HEIGHT: f64 = 250.0;
pub const LEFT: f64 = 54.0;
pub const RIGHT: f64 = 12.0;
pub const TOP: f64 = 26.0;
pub const BOTTOM: f64 = 40.0;

/// From values to places: each axis has the lowest and the highest value, on whatever scale the caller has put them.
pub struct Axes {
    pub x: (f64, f64),
    pub y: (f64, f64),
}

impl Axes {
    /// Where a value is on the horizontal axis.
    pub fn x(&self, value: f64) -> f64 {
        let (low, high) = self.x;
        LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT)
    }

    /// Where a value is on the vertical axis.
    pub fn y(&self, value: f64) -> f64 {
        let (low, high) = self.y;
        HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)
    }

    /// A line across the plot at a value of the horizontal axis, and its label.
    pub fn vertical(&self, value: f64, label: &str) -> String {
        let x = self.x(value);
        let (top, bottom) = (TOP, HEIGHT - BOTTOM);
        let under = bottom + 14.0;
        format!(
            "<line class=\"grid\" x1=\"{x:.1}\" y1=\"{top}\" x2=\"{x:.1}\" y2=\"{bottom}\"/>\
             <text x=\"{x:.1}\" y=\"{under}\" text-anchor=\"middle\">{label}</text>"
        )
    }

    /// A line across the plot at a value of the vertical axis, and its label.
    pub fn horizontal(&self, value: f64, label: &str) -> String {
        let y = self.y(value);
        let (left, right) = (LEFT, WIDTH - RIGHT);
        let (beside, middle) = (left - 5.0, y + 4.0);
        format!(
            "<line class=\"grid\" x1=\"{left}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\"/>\
             <text x=\"{beside}\" y=\"{middle:.1}\" text-anchor=\"end\">{label}</text>"
        )
    }

    /// A bar from the bottom up to a value, between two values of the horizontal axis.
    pub fn bar(&self, (from, to): (f64, f64), height: f64) -> String {
        let (x, y) = (self.x(from), self.y(height));
        format!(
            "<rect class=\"bar\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            self.x(to) - x,
            self.y(0.0) - y
        )
    }

    /// A vertical line at a value that is not to be passed.
    pub fn limit(&self, value: f64) -> String {
        let x = self.x(value);
        let (top, bottom) = (TOP, HEIGHT - BOTTOM);
        format!("<line class=\"limit\" x1=\"{x:.1}\" y1=\"{top}\" x2=\"{x:.1}\" y2=\"{bottom}\"/>")
    }
}

/// A plot with a description for those who do not see it, and the titles of its axes.
pub fn svg(name: &str, description: &str, x_title: &str, y_title: &str, content: &str) -> String {
    let (middle, foot) = ((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8.0);
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"{name}-title\"><title id=\"{name}-title\">{description}</title>\
         {content}\
         <text class=\"title\" x=\"{middle}\" y=\"{foot}\" text-anchor=\"middle\">{x_title}</text>\
         <text class=\"title\" x=\"4\" y=\"13\">{y_title}</text></svg>"
    )
}
