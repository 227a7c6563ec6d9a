"""The training loop written by hand: a two-layer network learns the sine function."""

import math

import rutile as rt
from rutile import nn


def main(steps: int = 500) -> float:
    """Train, and return the last loss."""
    rt.random.seed(0)
    model = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
    optimizer = rt.optim.Adam(model.parameters(), lr=0.01)
    x = rt.random.uniform((256, 1), low=-math.pi, high=math.pi)
    y = rt.sin(x)
    rt.eval(x, y)

    loss = rt.tensor(math.inf)
    for step in range(1, steps + 1):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        # One plan runs the whole step; nothing is copied back until item() asks for it.
        optimizer.step(also=[loss])
        if step % 100 == 0:
            print(f"step {step}: loss {loss.item():.5f}")
    return loss.item()


if __name__ == "__main__":
    main()
