// The line above the studio's panels: what the colours and lines of test scenes mean, how the scenes are shown, and which.

import { element, finder } from "../shared/dom.js";

/** @import { Rgb } from "../shared/types.js" */
/** @import { SceneMode, Scenes, View } from "./types.js" */

/** @type {Record<SceneMode, string>} */
const SCENE_MODES = { beside: "Side by side", over: "Over the picture", wrong: "Mistakes" };

/**
 * The line above the panels: what the colours and lines mean, how scenes are shown, and which. choose(): something has changed.
 * @param {ParentNode} root
 * @param {View} view
 * @param {() => void} choose
 */
export function createSceneBar(root, view, choose) {
  const { find } = finder(root);
  const [bar, legend, modes] = [".scene-bar", ".legend", ".scene-modes"].map(find);
  let told = "";
  for (const mode of /** @type {SceneMode[]} */ (Object.keys(SCENE_MODES))) {
    const button = element("button", "", SCENE_MODES[mode]);
    button.type = "button";
    button.dataset.mode = mode;
    button.addEventListener("click", () => {
      view.sceneMode = mode;
      choose();
    });
    modes.append(button);
  }
  const others = element("button", "other-scenes", "Other scenes ›");
  others.type = "button";
  others.addEventListener("click", () => {
    view.sceneFrom = view.sceneNext;
    choose();
  });
  modes.append(others);

  /**
   * @param {string} word
   * @param {string | Node} mark
   */
  function item(word, mark) {
    const one = element("span", "legend-item");
    one.append(mark, word);
    return one;
  }

  /** @param {Rgb} rgb */
  function swatch(rgb) {
    const made = element("span", "swatch");
    made.style.background = `rgb(${rgb.join(",")})`;
    return made;
  }

  return {
    /**
     * shown: the scenes of any frame that is on the screen, or null
     * @param {Scenes | null} shown
     */
    paint(shown) {
      const masks = Boolean(shown?.saidMasks);
      const more = shown !== null && view.sceneShown < shown.count;
      const text = JSON.stringify([shown?.classes, masks, Boolean(shown), view.sceneMode, view.palette, more]);
      if (text === told) return;
      told = text;
      bar.hidden = !shown;
      others.hidden = !more;
      for (const button of modes.querySelectorAll("button")) {
        if (!button.dataset.mode) continue;
        button.hidden = !masks;
        button.setAttribute("aria-pressed", String(button.dataset.mode === view.sceneMode));
      }
      if (!shown) return;
      const boxes = [
        item("true box", element("span", "rule dashed")),
        item("the network's box", element("span", "rule")),
        item("IoU: shared area ÷ area of both together", ""),
      ];
      const classes = shown.classes.map((name, k) => item(name, swatch(view.palette[k % view.palette.length])));
      legend.replaceChildren(...(masks ? classes : boxes));
    },
  };
}
