"""A convolutional network learns handwritten digits: data, model, training and a prediction. Takes some seconds."""

import rutile as rt
from rutile import nn
from rutile.data import Table
from rutile.train import fit

SOURCE = "examples/data/digits*.parquet"
COLUMNS = {"image": (1, 8, 8), "label": None}


def main(epochs: int = 10, checkpoint_dir: str | None = None) -> float:
    """Train, print a prediction, and return the test accuracy (0 to 1)."""
    rt.random.seed(0)
    train = Table(SOURCE, COLUMNS, batch_size=64, shuffle=True, split="train")
    test = Table(SOURCE, COLUMNS, batch_size=64, split="test")
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(128, 10),
    )
    optimizer = rt.optim.AdamW(model.parameters(), lr=4e-3)
    history = fit(
        model, train, optimizer, nn.CrossEntropyLoss(), epochs, validation=test, checkpoint_dir=checkpoint_dir
    )

    batch = next(iter(test))
    with rt.no_grad():
        digits = model.eval()(batch["image"][:5]).argmax(axis=1)
    print("predicted", digits.tolist(), "written", batch["label"][:5].tolist())
    print(f"test accuracy {history.accuracy:.2%}")
    return history.accuracy or 0.0


if __name__ == "__main__":
    main()
