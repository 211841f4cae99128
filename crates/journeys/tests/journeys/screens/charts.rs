//! Drawings beside tables: what explains a drawing does not lie over it.

use gongkai_journeys::{Page, browser_here};

/// A phone.
const NARROW: u32 = 360;
/// Of each drawing with a legend, how high that is and where the drawing begins, in pixels; nothing without the library.
const LEGENDS: &str = "
    const found = [];
    for (const figure of window.echarts ? document.querySelectorAll('figure[data-chart]:not([hidden])') : []) {
        const chart = window.echarts.getInstanceByDom(figure);
        const legend = chart.getModel().getComponent('legend');
        if (!legend) continue;
        const box = chart.getViewOfComponentModel(legend).group.getBoundingRect();
        found.push([box.height, chart.getOption().grid[0].top]);
    }
    return window.echarts ? found : null;";

#[tokio::test(flavor = "multi_thread")]
async fn a_legend_of_two_lines_lies_above_the_bars() {
    if !browser_here() {
        return;
    }
    let world = crate::filled::world().await;
    let clerk = world.account("clerk").await;
    let page = Page::open(&world, Some(clerk), NARROW).await;
    page.goto("/workspace/dashboard").await;
    let found = page.driver.execute(LEGENDS, Vec::new()).await.unwrap();
    let found = found.json().clone();
    page.close().await;
    // The library is optional: without it the tables stand alone.
    let Some(legends) = found.as_array() else {
        return;
    };
    assert!(!legends.is_empty());
    for legend in legends {
        let number = |place: usize| legend[place].as_f64().unwrap();
        assert!(number(0) <= number(1), "{legend}");
    }
}
